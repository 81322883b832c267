"""The pack as a document to print and to write on: python-docx, A4, one chapter a message."""

import io
from collections.abc import Mapping

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Inches, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from huiyin.packs import palette
from huiyin.packs.charts import Picture
from huiyin.packs.contents import CaseLine, Contents, Figure, Section, Table
from huiyin.packs.fonts import OFFICE

_IN_A_ROW = 4
_CHART = 6.3  # inches between the margins
_TALLEST = 4.2


def write(contents: Contents, pictures: Mapping[str, Picture]) -> bytes:
    document = Document()
    _set_up(document, contents)
    _cover(document, contents)
    for section in contents.sections:
        _chapter(document, section, pictures)
    _closing(document, contents)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: DocumentObject, contents: Contents) -> None:
    document.core_properties.title = f"{contents.title} {contents.subtitle}"
    document.core_properties.author = "回音 Huiyin"
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.4)
    page.top_margin = page.bottom_margin = Cm(2.2)
    _style(document, "Normal", size=11, colour=palette.INK)
    _style(document, "Heading 1", size=16, colour=palette.BRAND_DEEP, bold=True)
    _style(document, "Title", size=26, colour=palette.BRAND_DEEP, bold=True)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(20)
    document.styles["Heading 1"].paragraph_format.keep_with_next = True
    _number_pages(page.footer.paragraphs[0], f"{contents.title}　{contents.subtitle}　")


def _style(document: DocumentObject, name: str, *, size: int, colour: str, bold: bool = False) -> None:
    font = document.styles[name].font
    font.name, font.size, font.bold, font.color.rgb = OFFICE, Pt(size), bold, _rgb(colour)
    fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:ascii"):
        fonts.set(qn(script), OFFICE)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _cover(document: DocumentObject, contents: Contents) -> None:
    document.add_paragraph(contents.title, style="Title")
    _words(document, contents.subtitle, size=15, colour=palette.INK_2)
    _words(document, f"{contents.as_of}　校验码 {contents.fingerprint}", size=10, colour=palette.INK_3)


def _chapter(document: DocumentObject, section: Section, pictures: Mapping[str, Picture]) -> None:
    document.add_heading(section.heading, level=1)
    _words(document, section.message, size=13, bold=True)
    if section.figures:
        _figures(document, section.figures)
    for note in section.notes:
        _words(document, note, size=10, colour=palette.INK_2)
    if section.chart is not None:
        _picture(document, section.chart.told, pictures[section.chart.name], section.chart.title)
    for table in section.tables:
        _table(document, table)
    for number, case in enumerate(section.cases, start=1):
        _case(document, number, case)
    for number, item in enumerate(section.items, start=1):
        _words(document, f"{number}. {item}", size=12)


def _figures(document: DocumentObject, figures: tuple[Figure, ...]) -> None:
    table = document.add_table(rows=0, cols=_IN_A_ROW)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for first in range(0, len(figures), _IN_A_ROW):
        cells = table.add_row().cells
        for cell, figure in zip(cells, figures[first : first + _IN_A_ROW], strict=False):
            _shade(cell, palette.GROUND)
            _put(cell.paragraphs[0], figure.label, size=9.5, colour=palette.INK_3)
            _put(cell.add_paragraph(), figure.shown, size=18, colour=palette.INK, bold=True)
            if figure.change:
                _put(cell.add_paragraph(), f"较上期 {figure.change}", size=9, colour=palette.tone(figure.good))
            if figure.year_change:
                _put(cell.add_paragraph(), f"较上年 {figure.year_change}", size=9, colour=palette.INK_3)
    document.add_paragraph()


def _picture(document: DocumentObject, told: str, picture: Picture, title: str) -> None:
    _words(document, title, size=11, bold=True)
    width = min(_CHART, picture.width * _TALLEST / picture.height)
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = paragraph.add_run().add_picture(io.BytesIO(picture.png), width=Inches(width))
    shape._inline.docPr.set("descr", told)


def _table(document: DocumentObject, given: Table) -> None:
    _words(document, given.title, size=11, bold=True)
    table = document.add_table(rows=1, cols=len(given.head), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for at, (cell, text) in enumerate(zip(table.rows[0].cells, given.head, strict=True)):
        _shade(cell, palette.BRAND_TINT)
        _put(cell.paragraphs[0], text, size=10, bold=True, right=at in given.numeric)
    _repeat(table.rows[0]._tr)
    for row in given.rows:
        for at, (cell, text) in enumerate(zip(table.add_row().cells, row.cells, strict=True)):
            if row.mark:
                _shade(cell, palette.BRAND_TINT)
            _put(cell.paragraphs[0], text, size=10, bold=row.mark, right=at in given.numeric)
    document.add_paragraph()


def _case(document: DocumentObject, number: int, case: CaseLine) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    _put(paragraph, f"{number}. {case.what}", size=11.5, bold=True)
    below = document.add_paragraph()
    below.paragraph_format.left_indent = Cm(0.7)
    _put(below, f"{case.case_no}　{'、'.join(case.flags)}", size=9.5, colour=palette.RED)
    last = document.add_paragraph()
    last.paragraph_format.left_indent = Cm(0.7)
    _put(last, case.happened, size=10.5, colour=palette.INK_2)


def _closing(document: DocumentObject, contents: Contents) -> None:
    document.add_heading("说明", level=1)
    for caveat in contents.caveats:
        _words(document, caveat, size=10, colour=palette.INK_2)


def _words(document: DocumentObject, text: str, *, size: float, colour: str = palette.INK, bold: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(6)
    _put(paragraph, text, size=size, colour=colour, bold=bold)


def _put(
    paragraph: Paragraph,
    text: str,
    *,
    size: float,
    colour: str = palette.INK,
    bold: bool = False,
    right: bool = False,
) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, _rgb(colour)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if paragraph.style.name == "Normal":
        paragraph.paragraph_format.space_after = Pt(3)


def _shade(cell: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour.removeprefix("#"))
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat(row: OxmlElement) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(mark)


def _number_pages(paragraph: Paragraph, words: str) -> None:
    _put(paragraph, words, size=9, colour=palette.INK_3)
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._r.append(part)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#").upper())
