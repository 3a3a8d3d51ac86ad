"""What a call is answered with that cannot be done, in WordPress's numbers."""

# Of the protocol itself, as all servers have them.
NOT_WELL_FORMED, NO_CALL, NO_METHOD, WRONG_PARAMETERS = -32700, -32600, -32601, -32602
TOO_FEW, NOT_ALLOWED, FORBIDDEN, MISSING, CONFLICT, TOO_LARGE = 400, 401, 403, 404, 409, 413
TOO_MANY, FAILED = 429, 500


class Fault(Exception):
    """The call has failed; nothing that it began is kept."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text

    def struct(self) -> dict[str, object]:
        """As clients get it."""
        return {"faultCode": self.code, "faultString": self.text}


def not_allowed(what: str) -> Fault:
    """The role of whoever asks does not let them do this."""
    return Fault(NOT_ALLOWED, f"Sorry, you are not allowed to {what}.")
