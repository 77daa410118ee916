"""A store of an earlier program keeps what it has, and is listed and searched like a new one."""

from alembic import command
from sqlalchemy import select, text

from service.store.database import Database
from service.store.form_rows import field_rows, finding_rows, form_row
from service.store.home import Home
from service.store.listed import FormFilter
from service.store.listing import list_documents, list_forms
from service.store.opening import open_store
from service.store.schema import CATALOGUE, FIELDS, FINDINGS, FORMS
from service.store.upgrading import _config
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import form_of, unknown_form

_SHA256 = "a" * 64
_DOCUMENT = """
INSERT INTO documents (sha256, name, path, bytes, pages, state, version, year, unit, error_code, error, added_at, changed_at)
VALUES (:sha256, 'a.pdf', 'a.pdf', 1, 1, 'done', '3+a', 2020, :unit, '', '', '2024', '2024')
"""


def test_forms_of_the_first_tables_are_listed_and_found(home: Home) -> None:
    home.folder.mkdir()
    with Database(home.database) as database, database.writing() as connection:
        command.upgrade(_config(connection), "0001")
        connection.execute(text(_DOCUMENT), {"sha256": _SHA256, "unit": "单" * 3000})
        for number, form in enumerate((form_of("土壤"), unknown_form(), form_of("大气")), 1):
            key = {"document": _SHA256, "number": number, "version": 2, "pipeline": "3+a"}
            connection.execute(FORMS.insert(), {**form_row(form, 2020, "某局"), **key, "made_at": f"202{number}"})
            for table, rows in ((FIELDS, field_rows(_SHA256, number, form)), (FINDINGS, finding_rows(_SHA256, number, form))):
                if rows:
                    connection.execute(table.insert(), rows)
    with open_store(home) as store:
        assert [(row.number, row.version, row.project, row.findings) for row in list_forms(store).items] == [
            (3, 2, "大气", 1),
            (2, 2, "", 0),
            (1, 2, "土壤", 1),
        ]
        assert list_documents(store).items[0].unit == "单" * 200
        for words, found in (("土壤", [1]), ("某局", [3, 2, 1]), ("附注", [2]), ("980710", [3, 1]), ("没有", [])):
            assert [row.number for row in list_forms(store, FormFilter(text=words)).items] == found
        assert [row.number for row in list_forms(store, FormFilter(finding="funds_sum")).items] == [3, 1]
        correct(store, Correction(_SHA256, 1, 2, "fields.project_name", "流域", "li"))
        assert [row.number for row in list_forms(store, FormFilter(text="流域")).items] == [1]
        with store.database.reading() as connection:
            assert list(connection.scalars(select(CATALOGUE.c.form).order_by(CATALOGUE.c.id))) == [2, 3, 1]
