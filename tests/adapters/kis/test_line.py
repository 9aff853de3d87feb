from adapters.kis.line import LINGER, Line

INTERACTIVE, BACKGROUND = 0, 1


def test_processes_stand_in_the_order_they_came() -> None:
    line = Line()
    assert [line.join(name, INTERACTIVE, 0.0) for name in "abc"] == [0, 1, 2]
    assert line.join("b", INTERACTIVE, 0.0) == 1  # once, however often it asks


def test_interactive_processes_stand_before_background_ones() -> None:
    line = Line()
    line.join("sweeper", BACKGROUND, 0.0)
    assert line.join("asker", INTERACTIVE, 0.0) == 0
    assert line.join("sweeper", BACKGROUND, 0.0) == 1


def test_who_had_its_turn_joins_at_the_end() -> None:
    line = Line()
    for name in "ab":
        line.join(name, INTERACTIVE, 0.0)
    line.leave("a")
    assert line.join("a", INTERACTIVE, 0.0) == 1
    assert line.join("b", INTERACTIVE, 0.0) == 0


def test_a_process_of_another_priority_than_before_stands_anew() -> None:
    line = Line()
    for name in "ab":
        line.join(name, BACKGROUND, 0.0)
    line.join("c", INTERACTIVE, 0.0)
    assert line.join("a", INTERACTIVE, 0.0) == 1  # behind c, who was there before
    assert line.join("b", BACKGROUND, 0.0) == 2


def test_a_process_that_does_not_come_back_is_forgotten() -> None:
    line = Line()
    line.join("gone", INTERACTIVE, 0.0)
    line.expect("gone", 5.0)
    assert line.join("next", INTERACTIVE, 5.0 + LINGER) == 1
    line.expect("next", 7.0)
    assert line.join("next", INTERACTIVE, 5.1 + LINGER) == 0
