"""Frames, profiles, flows, indices and staged bars, in compressed columns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_DIGEST = sa.String(64)
_MICROS = sa.BigInteger
_CODE = sa.String(7).with_variant(sa.String(7, collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "axes",
        sa.Column("digest", _DIGEST, primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("tickers", sa.LargeBinary, nullable=False),
        sa.Column("facts", sa.LargeBinary, nullable=False),
    )
    _make_frames()
    _make_days()
    _make_filling()


def _make_frames() -> None:
    op.create_table(
        "frames",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("venue", sa.String(3), nullable=False),
        sa.Column("pool", sa.String(32), nullable=False),
        sa.Column("session", sa.Date, nullable=False),
        sa.Column("instant", sa.BigInteger, nullable=False),
        sa.Column("as_of_from", _MICROS, nullable=False),
        sa.Column("as_of", _MICROS, nullable=False),
        sa.Column("origin", sa.String(5), nullable=False),
        sa.Column("official_kospi", sa.BigInteger),
        sa.Column("official_kosdaq", sa.BigInteger),
        sa.Column("dated", sa.Date),
        sa.Column("axis", _DIGEST, sa.ForeignKey("axes.digest"), nullable=False),
        sa.UniqueConstraint("venue", "pool", "session", "instant"),
    )
    op.create_index("ix_frames_axis", "frames", ["axis"])
    op.create_table(
        "frame_columns",
        sa.Column(
            "frame",
            sa.Integer,
            sa.ForeignKey("frames.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("dtype", sa.String(8), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def _make_days() -> None:
    op.create_table(
        "profiles",
        sa.Column("session", sa.Date, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "flows",
        sa.Column("venue", sa.String(3), primary_key=True),
        sa.Column("session", sa.Date, primary_key=True),
        sa.Column("is_final", sa.Boolean, primary_key=True),
        sa.Column("as_of", _MICROS, nullable=False),
        sa.Column("dated", sa.Date),
        sa.Column("axis", _DIGEST, sa.ForeignKey("axes.digest"), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_flows_axis", "flows", ["axis"])
    op.create_table(
        "indices",
        sa.Column("session", sa.Date, primary_key=True),
        sa.Column("code", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("change_rate", sa.Double),
        sa.Column("trading_value", sa.BigInteger),
    )


def _make_filling() -> None:
    op.create_table(
        "windows",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("venue", sa.String(3), nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
        sa.UniqueConstraint("venue", "first", "last"),
    )
    op.create_table(
        "staged_bars",
        sa.Column(
            "window",
            sa.Integer,
            sa.ForeignKey("windows.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("ticker", _CODE, primary_key=True),
        sa.Column("listed_shares", sa.BigInteger),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
