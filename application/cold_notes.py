"""What the first rows of a cold process say of themselves."""

COLD_DETAILS = "previous_rank와 rank_change는 전 종목 시세가 모인 뒤에 채웁니다(null)."


def led_note(rows: int, count: int) -> str:
    """That only certain rows are here, and how many were asked for."""
    fewer = f" 요청한 {count}종목 중 {rows}종목입니다." if rows < count else ""
    return (
        f"전 종목을 모으는 중이라 순위가 확실한 종목만 담았습니다.{fewer} total, "
        "next_offset, 합계, HHI는 비워 두었고(null) KRX만 물은 집중도는 공식 합계 "
        "대비입니다. 전 종목은 보통 10초 뒤에 답합니다."
    )
