/** How a child process is ended: with its whole process group, and also when this process ends without a chance to do anything about it. */
import { type ChildProcess, spawn } from 'node:child_process';

/** Whether processes stand in groups, each of which can be ended at once. */
export const hasGroups = process.platform !== 'win32';

/** Told a group, it waits: for a line, which says that there is nothing to do, or for the end of whoever would have written one. */
const guarding = 'read -r group && { read -r done || kill -s KILL -- "-$group"; }';

/**
 * @param child just started, as the first of its group (`hasGroups`)
 * @returns what ends it, the first time that it is called. Until then a guard in a group of its own ends it when this process is gone: an
 * interrupt from the terminal reaches neither, and a process that is killed can do nothing more
 */
export const ending = (child: ChildProcess): (() => void) => {
  const { pid } = child;
  if (pid === undefined) return () => undefined;
  if (!hasGroups) {
    const kill = (): void => {
      process.off('exit', kill);
      child.kill('SIGKILL');
    };
    process.on('exit', kill);
    return kill;
  }
  const guard = spawn('/bin/sh', ['-c', guarding], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.stdin.write(`${pid}\n`);
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left.
    }
    guard.stdin.end('done\n');
  };
};
