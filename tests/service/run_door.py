"""Any command of ``formtally`` with the reader of tests, in a process of its own: ``python -m tests.service.run_door COMMAND…``.

A file under watch has to be quiet for half a second only. Imports stand where the program begins: each worker imports its main module anew.
"""

if __name__ == "__main__":
    import sys
    from functools import partial

    from service.archiving import running, watching
    from service.cli import main
    from tests.service.planned_reader import PLANNED

    setattr(running, "PIPELINE", PLANNED)  # noqa: B010  a constant everywhere else
    setattr(watching, "Watch", partial(watching.Watch, quiet=0.5))  # noqa: B010
    sys.exit(main(sys.argv[1:]))
