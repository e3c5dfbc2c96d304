Action = Literal["login", "refresh", "register", "mail", "token"]


@dataclass(frozen=True)
class Rates:
    """The allowed rates of an action: per client IP, per IP and account, and per account.

    The rate per account is the highest: a stranger at one IP reaches the lower rate of the pair
    first, so that the owner of the account can still log in from another IP.
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
