"""Errors of a step become values, waits, or the end of this process's work."""

import threading

import pytest

from models.errors import StoreFullError
from models.form import Problem
from service.jobs.desk import PassingError, StoppedError
from service.jobs.ending import Ending
from service.jobs.patience import patiently


def test_what_may_pass_is_tried_again_and_given_up_in_the_end() -> None:
    tried: list[int] = []

    def attempt() -> str:
        tried.append(1)
        if len(tried) < 3:
            raise PassingError
        return "done"

    assert patiently(attempt, 2, (0.0, 0.0), Ending()) == "done"
    tried.clear()
    lost = patiently(attempt, 2, (0.0,), Ending())
    assert isinstance(lost, Problem)
    assert (lost.page, lost.code, len(tried)) == (2, "page_lost", 2)


def test_an_ending_cuts_the_wait_short_and_keeps_nothing() -> None:
    ending = Ending()
    threading.Timer(0.1, ending.begin).start()

    def attempt() -> str:
        raise PassingError

    with pytest.raises(StoppedError):
        patiently(attempt, 1, (600.0,), ending)


def test_what_fails_while_the_process_ends_is_no_outcome() -> None:
    ending = Ending()
    ending.begin()

    def attempt() -> str:
        raise FileNotFoundError("the scratch folder has gone")

    with pytest.raises(StoppedError):
        patiently(attempt, 1, (), ending)


def test_a_full_disk_is_not_the_fault_of_a_document() -> None:
    ending, fault = Ending(), StoreFullError("The disk is full.", "Make room.")

    def attempt() -> str:
        raise fault

    with pytest.raises(StoppedError):
        patiently(attempt, 1, (0.0,), ending)
    assert ending.fault is fault


def test_a_fault_of_ours_costs_its_own_document() -> None:
    def attempt() -> str:
        raise ZeroDivisionError("division by zero")

    problem = patiently(attempt, 3, (), Ending())
    assert isinstance(problem, Problem)
    assert (problem.page, problem.code) == (3, "page_unreadable")
