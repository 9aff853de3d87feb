import asyncio

from structlog.contextvars import get_contextvars

from adapters.telemetry.request_ids import request


async def bound() -> dict[str, object]:
    return get_contextvars()


def test_a_request_binds_its_id_and_tool_and_nothing_stays() -> None:
    with request(tool="get_volume_ranking") as request_id:
        inside = get_contextvars()

    assert inside == {"request_id": request_id, "tool": "get_volume_ranking"}
    assert get_contextvars() == {}


def test_each_request_has_an_id_of_its_own_unless_one_is_given() -> None:
    with request(tool="a") as first, request(tool="b") as second:
        pass
    with request(tool="a", request_id="client-7") as given:
        pass

    assert first != second
    assert given == "client-7"


def test_a_request_inside_another_gives_the_outer_back() -> None:
    with request(tool="outer") as outer:
        with request(tool="inner"):
            pass
        assert get_contextvars() == {"request_id": outer, "tool": "outer"}


async def test_tasks_and_threads_started_inside_bear_the_same_id() -> None:
    with request(tool="rank") as request_id:
        task = asyncio.create_task(bound())
        thread = await asyncio.to_thread(get_contextvars)

    assert (await task)["request_id"] == request_id
    assert thread["request_id"] == request_id


async def test_requests_at_once_do_not_mix() -> None:
    async def asked(name: str) -> object:
        with request(tool=name, request_id=name):
            await asyncio.sleep(0)
            return (await bound())["request_id"]

    first, second = await asyncio.gather(asked("a"), asked("b"))
    assert (first, second) == ("a", "b")
