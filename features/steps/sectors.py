"""When and then: industries."""

import asyncio
from itertools import pairwise

from pytest_bdd import parsers, then, when

from application.rank_by_trading_value import RankingQuery
from application.rank_sectors import SectorQuery, SectorRanking
from application.use_cases import UseCases
from domain.sectors import UNCLASSIFIED, Level
from features.steps.questions import Asker

LEVELS = {"세부": Level.LEAF, "대분류": Level.LARGE}
ALL_OF_THEM = 100


@when(parsers.parse("{level} 업종별 거래대금을 조회하면"), target_fixture="sectors")
def by_sector(level: str, runner: asyncio.Runner, use_cases: UseCases) -> SectorRanking:
    query = SectorQuery(level=LEVELS[level], count=ALL_OF_THEM)
    return runner.run(use_cases.rank_sectors(query))


@then("업종이 거래대금이 큰 차례로 나온다")
def in_order_of_sector_value(sectors: SectorRanking) -> None:
    values = [row.sector.trading_value for row in sectors.rows]
    assert len(values) == sectors.total > 1
    assert all(first >= second for first, second in pairwise(values)), values


@then("업종 거래대금을 더하면 시장 합계와 같다")
def sectors_tile_the_market(sectors: SectorRanking, ask: Asker) -> None:
    total = sum(row.sector.trading_value for row in sectors.rows)
    assert total == sectors.total_trading_value
    assert total == ask(RankingQuery(count=1)).totals.total


@then(parsers.parse('거래대금이 가장 큰 업종은 "{name}"'))
def first_sector_is(name: str, sectors: SectorRanking) -> None:
    assert sectors.rows[0].name == name


@then("분류된 업종에는 모두 이름이 있다")
def are_named(sectors: SectorRanking) -> None:
    classified = [row for row in sectors.rows if row.sector.code != UNCLASSIFIED]
    assert classified
    assert [row.sector.code for row in classified if not row.name] == []


@then("하위 업종이 없는 업종에는 지수 등락률과 외국인·기관 순매수가 있다")
def have_index_and_nets(sectors: SectorRanking) -> None:
    whole = [row for row in sectors.rows if row.sector.is_whole]
    assert whole
    for row in whole:
        told = (row.index_change_rate, row.foreign_net, row.institution_net)
        assert None not in told, row.name
