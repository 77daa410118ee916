"""The same as `test_killed`, on PostgreSQL; a file of its own, so that both run beside each other."""

from pathlib import Path

import pytest

from tests.service.jobs.test_killed import killed_at_each_moment, prepared


@pytest.mark.postgres
def test_killed_at_each_moment_an_archive_on_postgresql_comes_to_the_same(tmp_path: Path, postgres_cluster: str) -> None:
    killed_at_each_moment(tmp_path, prepared(tmp_path, postgres_cluster))
