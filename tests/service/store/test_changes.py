"""Whatever is committed by anybody changes the mark; what is only read does not."""

import subprocess
import sys

from service.access.roles import Role
from service.access.tokens import tokens
from service.access.users import add_user
from service.store.changes import Changes
from service.store.database import SQLITE
from service.store.opening import Store

ADDING = """
import sys
from service.access.roles import Role
from service.access.users import add_user
from service.store.home import find_home
from service.store.opening import open_store
with open_store(find_home(sys.argv[1], None, None, {})) as store:
    add_user(store, "li", Role.VIEWER)
"""


def test_the_mark_is_another_after_each_change_here_and_in_other_processes(store: Store) -> None:
    with Changes(store.database) as changes:
        before = changes.mark()
        add_user(store, "zhang", Role.VIEWER)
        here = changes.mark()
        tokens(store, "zhang")
        if store.database.kind != SQLITE:
            assert (before, here, changes.mark()) == (None, None, None)
            return
        assert len({before, here}) == 2
        assert changes.mark() == here
        subprocess.run([sys.executable, "-c", ADDING, str(store.home.folder)], check=True)
        assert changes.mark() not in {before, here}
