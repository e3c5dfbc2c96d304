Action = Literal["login", "refresh", "register", "mail", "token"]


@dataclass(frozen=True)
class Rates:
    """How often an action is allowed: per client IP, per IP and account, per account.

    An account's own rate is the wide one: a stranger at one IP reaches the narrow rate of that IP
    first, so that the account's owner can still log in from another.
    """

    ip: RateLimitItem
    pair: RateLimitItem
    account: RateLimitItem


RATES: dict[Action, Rates] = {
    "login": Rates(parse("30/minute"), parse("10/minute"), parse("30/minute")),
    "refresh": Rates(parse("60/minute"), parse("60/minute"), parse("60/minute")),
    "register": Rates(parse("20/hour"), parse("3/10 minutes"), parse("10/hour")),
    "mail": Rates(parse("20/hour"), parse("3/10 minutes"), parse("10/hour")),
    "token": Rates(parse("30/minute"), parse("30/minute"), parse("30/minute")),
}
