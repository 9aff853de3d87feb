"""What foreigners, institutions and individuals bought and sold, as several lists say.

The names are the same wherever the broker tells it; the units are the list's.
"""

from pydantic import BaseModel, ConfigDict

from adapters.kis.payloads.fields import MaybeSigned, MaybeWhole


class OwnersRow(BaseModel):
    """Bought (shnu), sold (seln) and net (ntby); a blank is not known, never zero."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    frgn_shnu_tr_pbmn: MaybeWhole = None
    frgn_seln_tr_pbmn: MaybeWhole = None
    frgn_ntby_tr_pbmn: MaybeSigned = None
    frgn_shnu_vol: MaybeWhole = None
    frgn_seln_vol: MaybeWhole = None
    frgn_ntby_qty: MaybeSigned = None
    orgn_shnu_tr_pbmn: MaybeWhole = None
    orgn_seln_tr_pbmn: MaybeWhole = None
    orgn_ntby_tr_pbmn: MaybeSigned = None
    orgn_shnu_vol: MaybeWhole = None
    orgn_seln_vol: MaybeWhole = None
    orgn_ntby_qty: MaybeSigned = None
    prsn_shnu_tr_pbmn: MaybeWhole = None
    prsn_seln_tr_pbmn: MaybeWhole = None
    prsn_ntby_tr_pbmn: MaybeSigned = None
    prsn_shnu_vol: MaybeWhole = None
    prsn_seln_vol: MaybeWhole = None
    prsn_ntby_qty: MaybeSigned = None
