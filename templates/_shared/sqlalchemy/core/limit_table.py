@dataclass(frozen=True)
class Limit:
    """How often one address may do a thing, to one account, and all addresses to one account.

    An account's own limit is the wide one: a stranger at one address reaches the narrow limit of
    that address first, so that the account's owner can still log in from another.
    """

    address: RateLimitItem
    pair: RateLimitItem
    account: RateLimitItem


LIMITS = {
    "login": Limit(parse("30/minute"), parse("10/minute"), parse("30/minute")),
    "refresh": Limit(parse("60/minute"), parse("60/minute"), parse("60/minute")),
    "register": Limit(parse("20/hour"), parse("3/10 minutes"), parse("10/hour")),
    "mail": Limit(parse("20/hour"), parse("3/10 minutes"), parse("10/hour")),
    "token": Limit(parse("30/minute"), parse("30/minute"), parse("30/minute")),
}
