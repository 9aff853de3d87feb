"""Why a base price (기준가) is not the previous close."""

from enum import Enum


class BaseChange(Enum):
    """What moved a base price, as masters and bars mark it."""

    NONE = "none"
    RIGHTS = "rights"
    """권리락: new shares, paid or free, are to come."""
    SPLIT = "split"
    """액면분할."""
    MERGER = "merger"
    """액면병합."""
    REDUCTION = "reduction"
    """자본감소: fewer shares of the same par, after a halt."""

    @property
    def flng_cls_code(self) -> str:
        """락구분."""
        return "01" if self is BaseChange.RIGHTS else "00"

    @property
    def fcam_mod_cls_code(self) -> str:
        """액면변경구분."""
        return {BaseChange.SPLIT: "01", BaseChange.MERGER: "02"}.get(self, "00")

    @property
    def revl_issu_reas(self) -> str:
        """재평가사유; blank where a bar has none."""
        return "02" if self is BaseChange.REDUCTION else ""
