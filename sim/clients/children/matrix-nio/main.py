"""matrix-nio on libolm in a seat: a child process that speaks JSON lines (docs/clients.md).

It is a client of another stack and another time: Olm and Megolm as the specification had them before cross-signing, secret sharing in
its newer forms, key bundles and backups. What nio does not know it does not do; nothing is added for it but the requests around it.

    npx hearsay clients --client 'python3 sim/clients/children/matrix-nio/main.py'

Needs matrix-nio and python-olm (Debian: python3-matrix-nio, python3-olm). All chance comes from the seed.
"""

import hashlib
import json
import os
import secrets
import sys
import uuid
from urllib.parse import quote


class Chance:
    """A stream of bytes from a seed: what libolm draws is the same in every run."""

    def __init__(self, seed):
        self.seed, self.drawn, self.rest = seed, 0, b""

    def draw(self, count=32):
        while len(self.rest) < count:
            self.rest += hashlib.sha256(f"{self.seed}/{self.drawn}".encode()).digest()
            self.drawn += 1
        given, self.rest = self.rest[:count], self.rest[count:]
        return given


CHANCE = Chance(os.environ.get("HEARSAY_SEED", "1"))
# python-olm takes it from here, and has to be imported afterwards.
secrets.token_bytes = CHANCE.draw
uuid.uuid4 = lambda: uuid.UUID(bytes=CHANCE.draw(16))

try:
    from nio.crypto import Olm
    from nio.events import (
        Event,
        ForwardedRoomKeyEvent,
        MegolmEvent,
        RoomKeyEvent,
        ToDeviceEvent,
    )
    from nio.exceptions import EncryptionError
    from nio.responses import KeysClaimResponse, KeysQueryResponse, KeysUploadResponse
    from nio.store import SqliteMemoryStore
except ImportError as missing:
    sys.exit(f"matrix-nio is not here: {missing}")

try:
    from importlib.metadata import version

    VERSION = version("matrix-nio")
except Exception:  # a package without metadata has no version to tell
    VERSION = "unknown"

V3 = "/_matrix/client/v3"


def want(method, path, body=None, query=None):
    """A request; what is yielded is wanted, and its answer comes back."""
    asked = {"method": method, "path": path}
    if body is not None:
        asked["body"] = body
    if query is not None:
        asked["query"] = query
    return asked


class Nio:
    """One device. What it does is written as generators: each `yield` is a request, and has the answer's body, or None."""

    def __init__(self, user, device):
        self.user, self.device = user, device
        self.olm = Olm(user, device, SqliteMemoryStore(user, device))
        self.device_keys = None
        self.members = {}
        self.events = {}
        self.origins = {}
        self.sent = 0
        self.gifts, self.letters = [], []

    # --- keys ---------------------------------------------------------------------------------------

    def publish(self):
        content = self.olm.share_keys()
        if "device_keys" in content:
            self.device_keys = content["device_keys"]
        body = yield want("POST", f"{V3}/keys/upload", content)
        if body is not None:
            count = body.get("one_time_key_counts", {}).get("signed_curve25519", 0)
            self.olm.handle_response(KeysUploadResponse(0, count))

    def query(self):
        users = sorted(self.olm.users_for_key_query)
        if not users:
            return
        body = yield want("POST", f"{V3}/keys/query", {"device_keys": {user: [] for user in users}})
        if body is not None:
            self.olm.handle_response(KeysQueryResponse(body.get("device_keys", {}), {}))

    def claim(self, users):
        missing = self.olm.get_missing_sessions(sorted(users))
        if not missing:
            return
        wanted = {
            user: {device: "signed_curve25519" for device in sorted(devices)}
            for user, devices in sorted(missing.items())
        }
        body = yield want("POST", f"{V3}/keys/claim", {"one_time_keys": wanted})
        if body is not None:
            self.olm.handle_response(KeysClaimResponse(body.get("one_time_keys", {}), {}))

    # --- what happens to it -------------------------------------------------------------------------

    def log_in(self):
        yield from self.publish()
        self.olm.users_for_key_query.add(self.user)
        yield from self.query()

    def sync(self, body):
        counts = body.get("device_one_time_keys_count", {})
        self.olm.uploaded_key_count = counts.get("signed_curve25519", 0)
        self.olm.add_changed_users(set(body.get("device_lists", {}).get("changed", [])))
        for raw in body.get("to_device", {}).get("events", []):
            if isinstance(raw, dict):
                self.take_letter(raw)
        self.olm.collect_key_requests()
        self.take_rooms(body.get("rooms", {}))
        if self.olm.should_upload_keys:
            yield from self.publish()
        if self.olm.should_query_keys:
            yield from self.query()
        for message in list(self.olm.outgoing_to_device_messages):
            yield from self.send_letter(message)

    def take_letter(self, raw):
        sender, kind = raw.get("sender", ""), raw.get("type", "")
        sealed = kind == "m.room.encrypted"
        event = ToDeviceEvent.parse_encrypted_event(raw) if sealed else ToDeviceEvent.parse_event(raw)
        content = raw.get("content", {}) if isinstance(raw.get("content"), dict) else {}
        said = {"type": kind, "sender": sender, "device": None, "senderKey": None}
        if not sealed:
            if event is not None:
                self.olm.handle_to_device_event(event)
            self.letters.append({**said, "content": content, "sealed": False, "opened": False})
            return
        opened = self.olm.decrypt_event(event) if event is not None and hasattr(event, "ciphertext") else None
        if opened is None:
            # Also what opened and is of a type that nio does not know: it says no more of it.
            self.letters.append({**said, "content": {}, "sealed": True, "opened": False})
            return
        key = content.get("sender_key")
        device = self.device_with(sender, key)
        inside = opened.source.get("content", {}) if isinstance(getattr(opened, "source", None), dict) else {}
        named = {"type": getattr(opened, "type", None) or opened.source.get("type", kind), "content": inside}
        self.letters.append({**said, **named, "device": device, "senderKey": key, "sealed": True, "opened": True})
        if isinstance(opened, (RoomKeyEvent, ForwardedRoomKeyEvent)):
            how = "forwarded" if isinstance(opened, ForwardedRoomKeyEvent) else "room_key"
            self.origins[opened.session_id] = {"how": how, "user": sender, "device": device}

    def device_with(self, user, key):
        for device in self.olm.device_store.active_user_devices(user):
            if device.curve25519 == key:
                return device.id
        return None

    def take_rooms(self, rooms):
        for section in ("join", "invite", "leave"):
            for room, data in rooms.get(section, {}).items():
                for part in ("state", "invite_state", "timeline"):
                    for event in data.get(part, {}).get("events", []):
                        self.take_event(room, event, part)

    def take_event(self, room, event, part):
        content = event.get("content", {})
        if event.get("type") == "m.room.member":
            user, is_now = event.get("state_key", ""), content.get("membership")
            members = self.members.setdefault(room, {})
            if members.get(user) in ("join", "invite") and is_now not in ("join", "invite"):
                # Whoever has gone does not read what comes next: nio leaves that to whoever uses it.
                self.olm.outbound_group_sessions.pop(room, None)
            members[user] = is_now
            if is_now in ("join", "invite") and user not in self.olm.tracked_users:
                self.olm.users_for_key_query.add(user)
        if event.get("type") == "m.room.encrypted" and part == "timeline":
            self.events.setdefault(event["event_id"], {"room": room, "event": event, "read": None})

    def send_letter(self, message):
        txn = CHANCE.draw(8).hex()
        body = message.as_dict()
        done = yield want("PUT", f"{V3}/sendToDevice/{quote(message.type, safe='')}/{txn}", body)
        if done is not None:
            self.olm._mark_to_device_message_as_sent(message)

    # --- what its person does -----------------------------------------------------------------------

    def give_room_key(self, room, users):
        yield from self.query()
        yield from self.claim(users)
        if not self.olm.should_share_group_session(room):
            return
        while True:
            given, body = self.olm.share_group_session(
                room, users, ignore_missing_sessions=True, ignore_unverified_devices=True
            )
            session = self.olm.outbound_group_sessions[room]
            # The first round only notes devices that nobody has verified as devices to share with all the same.
            rest = [one for one in self.lacking(users, session) if one not in given]
            if given:
                txn = CHANCE.draw(8).hex()
                if (yield want("PUT", f"{V3}/sendToDevice/m.room.encrypted/{txn}", body)) is None:
                    return
                session.users_shared_with.update(given)
                self.gifts.append(
                    {
                        "room": room,
                        "sessionId": session.id,
                        "index": session.message_index,
                        "sharedHistory": False,
                        "visibility": None,
                        "to": [{"user": user, "device": device} for user, device in sorted(given)],
                    }
                )
            if not rest:
                session.mark_as_shared()
                return

    def lacking(self, users, session):
        every = [
            (user, device.id)
            for user in users
            for device in self.olm.device_store.active_user_devices(user)
            if device.id != self.device
        ]
        done = session.users_shared_with | session.users_ignored
        return [one for one in every if one not in done]

    def send(self, act):
        room = act["room"]
        users = sorted(u for u, is_now in self.members.get(room, {}).items() if is_now in ("join", "invite"))
        self.olm.users_for_key_query.update(u for u in users if u not in self.olm.tracked_users)
        yield from self.give_room_key(room, users)
        said = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": act["text"]}}
        content = self.olm.group_encrypt(room, said)
        self.sent += 1
        yield want("PUT", f"{V3}/rooms/{quote(room, safe='')}/send/m.room.encrypted/nio{self.sent}", content)

    def start_room_key(self, act):
        yield from self.give_room_key(act["room"], [self.user])

    def look_up(self, act):
        self.olm.users_for_key_query.update(act.get("users", []))
        yield from self.query()

    def verified(self, act):
        """Its user's identity signs it, and it has no use for that."""
        yield from self.query()

    def member(self, change, act):
        body = {"user_id": act["user"]} if "user" in act else {}
        yield want("POST", f"{V3}/rooms/{quote(act['room'], safe='')}/{change}", body)

    def join(self, act):
        body = yield want("POST", f"{V3}/join/{quote(act['room'], safe='')}", {})
        if body is not None:
            self.members.setdefault(act["room"], {})[self.user] = "join"

    def knock(self, act):
        yield want("POST", f"{V3}/knock/{quote(act['room'], safe='')}", {})

    def create_room(self, act):
        state = [
            {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}},
            {
                "type": "m.room.history_visibility",
                "state_key": "",
                "content": {"history_visibility": act["history"]},
            },
        ]
        body = {"name": act["name"], "preset": "private_chat", "initial_state": state}
        made = yield want("POST", f"{V3}/createRoom", body)
        if made is not None:
            self.members.setdefault(made["room_id"], {})[self.user] = "join"

    def set_history(self, act):
        path = f"{V3}/rooms/{quote(act['room'], safe='')}/state/m.room.history_visibility/"
        yield want("PUT", path, {"history_visibility": act["visibility"]})

    def scroll_back(self, act):
        path = f"{V3}/rooms/{quote(act['room'], safe='')}/messages"
        body = yield want("GET", path, query={"dir": "b", "limit": "100"})
        for event in (body or {}).get("chunk", []):
            self.take_event(act["room"], event, "timeline")

    # --- what it shows ------------------------------------------------------------------------------

    def read(self):
        for known in self.events.values():
            if known["read"] is not None and known["read"]["text"] is not None:
                continue
            raw = {**known["event"], "room_id": known["room"]}
            event = Event.parse_encrypted_event(raw)
            shown = {
                "room": known["room"],
                "event": raw.get("event_id", ""),
                "session": raw.get("content", {}).get("session_id", ""),
                "sender": raw.get("sender", ""),
                "text": None,
                "sharedBy": None,
                "warning": None,
            }
            if isinstance(event, MegolmEvent):
                try:
                    opened = self.olm.decrypt_megolm_event(event, known["room"])
                    shown["text"] = getattr(opened, "body", None)
                except EncryptionError:
                    pass
            known["read"] = shown

    def shows(self):
        self.read()
        keys = [
            {
                "room": session.room_id,
                "sessionId": session.id,
                "sessionKey": session.export_session(session.first_known_index),
                "senderKey": session.sender_key,
                "senderEd25519": session.ed25519,
                "sharedHistory": False,
                "origin": self.origins.get(session.id, {"how": "made"}),
            }
            for session in sorted(self.olm.inbound_group_store, key=lambda one: one.id)
        ]
        gifts, self.gifts = self.gifts, []
        letters, self.letters = self.letters, []
        return {
            "deviceKeys": self.device_keys,
            "roomKeys": keys,
            "messages": [known["read"] for known in self.events.values() if known["read"] is not None],
            "letters": letters,
            "gifts": gifts,
        }

    def act(self, act):
        does = ACTS.get(act["act"])
        return None if does is None else does(self, act)


def changes(change):
    return lambda nio, act: nio.member(change, act)


ACTS = {
    "look up": Nio.look_up,
    "verified": Nio.verified,
    "start room key": Nio.start_room_key,
    "send": Nio.send,
    "join": Nio.join,
    "knock": Nio.knock,
    "invite": changes("invite"),
    "leave": changes("leave"),
    "decline": changes("leave"),
    "kick": changes("kick"),
    "ban": changes("ban"),
    "unban": changes("unban"),
    "create room": Nio.create_room,
    "set history": Nio.set_history,
    "scroll back": Nio.scroll_back,
}
HELLO = {
    "name": "matrix-nio",
    "version": VERSION,
    "acts": list(ACTS),
    "shows": ["deviceKeys", "roomKeys", "messages", "letters", "gifts"],
    # Texts from before it was written, as far as they are about what it does.
    "texts": {"MSC4385": "none", "MSC4268": "none", "MSC4147": "none", "MSC1946": "none", "MSC1219": "none"},
}


class Seat:
    def __init__(self):
        self.nio, self.doing = None, None

    def go_on(self, answer):
        """Runs to the next request, or to the end."""
        try:
            asked = next(self.doing) if answer is None else self.doing.send(answer["body"])
            return {"wants": [asked], "shows": self.nio.shows()}
        except StopIteration:
            self.doing = None
            return {"shows": self.nio.shows()}
        except (EncryptionError, KeyError, ValueError) as error:
            self.doing = None
            return {"shows": self.nio.shows(), "failed": f"{type(error).__name__}: {error}"}

    def tell(self, told):
        op = told.get("op")
        if op == "hello":
            return {"hello": HELLO}
        if op == "log in":
            self.nio = Nio(told["user"], told["device"])
            self.doing = self.nio.log_in()
        elif self.nio is None:
            return {"cannot": "nobody is logged in"}
        elif op == "sync":
            self.doing = self.nio.sync(told["body"])
        elif op == "act":
            self.doing = self.nio.act(told["act"])
        elif op == "answered":
            if self.doing is None:
                return {"cannot": "nothing was asked"}
            answer = told["answers"][0]
            return self.go_on({"body": answer["body"] if answer["status"] == 200 else None})
        else:
            self.doing = None
        return {"cannot": f"it does not know {op}"} if self.doing is None else self.go_on(None)


def main():
    seat = Seat()
    for line in sys.stdin:
        told = json.loads(line)
        print(json.dumps({"id": told.get("id"), **seat.tell(told)}), flush=True)


if __name__ == "__main__":
    main()
