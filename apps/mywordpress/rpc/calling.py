"""A call done: who asks is found, what was sent is checked, and of what fails nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.chassis.context import db
from apps.mywordpress.accounts.guard import program_user
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.programs import WrongProgram
from apps.mywordpress.rpc import media
from apps.mywordpress.rpc.asked import Asked
from apps.mywordpress.rpc.faults import FORBIDDEN, NO_CALL, NO_METHOD, WRONG_PARAMETERS, Fault
from apps.mywordpress.rpc.methods import METHODS, MULTICALL, Method
from apps.mywordpress.rpc.parameters import CONTENT, LOGIN, UNREAD, check_number
from apps.mywordpress.rpc.reading import Call, too_large

MOST_CALLS = 200


@dataclass
class Door:
    """Who comes in by which name and password in one request: after a wrong one nobody is tried any more."""

    known: dict[tuple[str, str], User] = field(default_factory=dict)
    is_shut: bool = False

    def let_in(self, name: str, password: str) -> User:
        """The user; raises Fault, and TooManyRequests for whoever tries again and again."""
        if self.is_shut:
            raise wrong_password()
        if (name, password) not in self.known:
            try:
                self.known[name, password] = program_user(name, password)
            except WrongProgram:
                self.is_shut = True
                raise wrong_password() from None
        return self.known[name, password]


def wrong_password() -> Fault:
    """The same for a name that nobody has."""
    return Fault(FORBIDDEN, "Incorrect username or password.")


@dataclass
class Line:
    """A request: one call, or several that stand for themselves."""

    origin: str
    address: str
    user_agent: str
    door: Door = field(default_factory=Door)

    def answer(self, call: Call) -> Any:
        """What the call comes to; raises Fault."""
        if call.method != MULTICALL:
            return self._done(self._prepared(call))
        calls = [_single(one) for one in _several(call)]
        # Files first: storing one ends a transaction, in which nothing may have been done yet.
        prepared = [_or_fault(self._prepared, one) for one in calls]
        return [_boxed(_or_fault(self._done, one)) for one in prepared]

    def admit(self, call: Call) -> None:
        """Whether more of this call may be read than anybody may send; raises Fault."""
        method = METHODS.get(call.method)
        if method is None or not method.takes_file or len(call.params) < len(method.takes) - 1:
            raise too_large()
        self._asked(method, call.params).need("upload_files", "upload files")
        # The rest may take its time to come, and no transaction shall wait for it.
        db().rollback()

    def _prepared(self, call: Call) -> Call:
        """The call, with what is slow about it done."""
        method = METHODS.get(call.method)
        if method is None or not method.takes_file:
            return call
        check_number(method.takes, call.params)
        asked, place = self._asked(method, call.params), method.takes.index(CONTENT)
        content = media.received(asked, CONTENT.taken(call.params, place))
        return Call(call.method, [*call.params[:place], content, *call.params[place + 1 :]])

    def _done(self, call: Call) -> Any:
        method = METHODS.get(call.method)
        if method is None:
            raise Fault(NO_METHOD, f"Server error. Requested method {call.method[:100]} does not exist.")
        check_number(method.takes, call.params)
        # Who asks comes first: strangers are told nothing else.
        asked = self._asked(method, call.params)
        places = [(one, place) for place, one in enumerate(method.takes) if one not in UNREAD]
        with db().begin_nested():
            return method.run(asked, *(one.taken(call.params, place) for one, place in places))

    def _asked(self, method: Method, params: list[Any]) -> Asked:
        user = None
        if not method.is_open:
            user = self.door.let_in(*(one.taken(params, method.takes.index(one)) for one in LOGIN))
        return Asked(db(), user, self.origin, self.address, self.user_agent)


def _several(call: Call) -> Sequence[Any]:
    calls = call.params[0] if call.params else None
    if not isinstance(calls, list):
        raise Fault(WRONG_PARAMETERS, "Invalid method parameters: system.multicall takes an array of calls.")
    if len(calls) > MOST_CALLS:
        raise Fault(WRONG_PARAMETERS, f"At most {MOST_CALLS} calls may come at once.")
    return calls


def _single(one: Any) -> Call | Fault:
    if not isinstance(one, dict) or not isinstance(one.get("methodName"), str):
        return Fault(NO_CALL, "A call of a multicall is a struct with methodName and params.")
    params = one.get("params", [])
    if one["methodName"] == MULTICALL or not isinstance(params, list):
        return Fault(NO_CALL, "Recursive calls to system.multicall are forbidden, and params are an array.")
    return Call(one["methodName"], params)


def _or_fault(do: Any, call: Call | Fault) -> Any:
    """What comes of the call, or why nothing does."""
    if isinstance(call, Fault):
        return call
    try:
        return do(call)
    except Fault as fault:
        return fault


def _boxed(value: Any) -> Any:
    """As answers of several calls are told apart from faults."""
    return value.struct() if isinstance(value, Fault) else [value]
