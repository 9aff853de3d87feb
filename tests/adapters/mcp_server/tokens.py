"""How long a text is for a model."""

import re


def tokens(shown: str) -> int:
    """A conservative count: a Hangul syllable is one token, and so is every begun
    three characters of anything else; common tokenisers need fewer."""
    runs = re.findall(r"[가-힣]|[^가-힣]+", shown)
    return sum(1 if "가" <= run[0] <= "힣" else -(-len(run) // 3) for run in runs)
