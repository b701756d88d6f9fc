"""Tables that people write are read as spreadsheets save them, or refused with line and reason."""

import pytest
from meerkat import own_tables
from meerkat.errors import UserError

HEADER = ["site", "latitude", "note"]
ROWS = [["creek", "-26.97", "by the ford"], ["büsch", "1", "a, b; c"]]
COMMAS = 'site,latitude,note\ncreek,-26.97,by the ford\nbüsch,1,"a, b; c"\n'


@pytest.mark.parametrize(
    "data",
    [
        COMMAS.encode(),
        COMMAS.encode("utf-8-sig"),
        COMMAS.replace("\n", "\r\n").encode("utf-16"),
        COMMAS.encode("utf-16-le"),
        b"\xfe\xff" + COMMAS.encode("utf-16-be"),
        'site;latitude;note\ncreek;-26.97;by the ford\nbüsch;1;"a, b; c"\n'.encode(),
        'sep=;\nsite;latitude;note\ncreek;-26.97;by the ford\nbüsch;1;"a, b; c"\n'.encode(),
        "site\tlatitude\tnote\r\ncreek\t-26.97\tby the ford\r\nbüsch\t1\ta, b; c\r\n".encode("utf-16"),
        'Note,latitude,SITE\nby the ford,-26.97,creek\n"a, b; c",1,büsch\n'.encode(),
        'site,latitude,note,,\ncreek,-26.97,by the ford,,\n,,,,\nbüsch,1,"a, b; c",,\n'.encode(),
    ],
)
def test_what_spreadsheets_write_is_understood(tmp_path, data):
    (tmp_path / "table.csv").write_bytes(data)
    assert own_tables.read(tmp_path / "table.csv", HEADER, HEADER, "a setting", lambda _, cells: list(cells.values())) == ROWS


@pytest.mark.parametrize(
    "data, message",
    [
        (b"site|latitude|note\n", "the first line must name the columns: site, latitude, note, each once, but is 'site.latitude.note'"),
        (b"", "the file is empty. From"),
        (b"\nsite,latitude,note\n", "but is ''. Delete empty lines before it. "),
        (b"site,latitude\n", "It lacks note. "),
        (b"site,latitude,note,site\n", "More than one column is site. "),
        (b"site,latitude,weather\n", "There is no column 'weather'. "),
        (b"PK\3\4 and so on", "is a spreadsheet workbook"),
        (b"site,latitude,note\ncreek,1,x,more\n", "line 2: 'creek,1,x,more' has 4 fields"),
        ("site,latitude,note\nbüsch,1,x\n".encode("latin-1"), "line 2: it contains bytes that are not UTF-8"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, data, message):
    (tmp_path / "table.csv").write_bytes(data)
    with pytest.raises(UserError, match=message):
        own_tables.read(tmp_path / "table.csv", HEADER, HEADER, "a setting", lambda _, cells: cells)
