import asyncio

from application.source_calls import counted, note_call, present_tally


def test_calls_are_counted_where_somebody_counts() -> None:
    note_call()
    with counted() as mine:
        note_call()
        note_call()
    note_call()
    assert mine.calls == 2
    assert present_tally() is None


def test_who_counts_inside_counts_alone() -> None:
    with counted() as outer:
        note_call()
        with counted() as inner:
            note_call()
        note_call()
    assert (outer.calls, inner.calls) == (2, 1)


async def test_a_task_counts_for_whoever_began_it() -> None:
    async def work() -> None:
        note_call()

    with counted() as mine:
        await asyncio.gather(work(), work())
    await work()
    assert mine.calls == 2
