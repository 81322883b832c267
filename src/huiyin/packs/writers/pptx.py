"""The pack as slides for a wall: one message a slide in large type, nine slides at most."""

import io
from collections.abc import Mapping, Sequence

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.table import _Cell
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from huiyin.packs import palette
from huiyin.packs.charts import Picture
from huiyin.packs.contents import CaseLine, Contents, Figure, Section, Table
from huiyin.packs.fonts import OFFICE

_WIDE, _HIGH = 13.333, 7.5  # inches
_MARGIN = 0.6
_TOP = 2.0  # where a slide's body begins
_BOTTOM = 6.85
_CASES = 5  # on a slide; the document has all
_ROWS = 11  # of a table that can still be read from the back
_BLANK = 6  # the layout without placeholders


def write(contents: Contents, pictures: Mapping[str, Picture]) -> bytes:
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDE), Inches(_HIGH)
    deck.core_properties.title = f"{contents.title} {contents.subtitle}"
    deck.core_properties.author = "回音 Huiyin"
    _cover(deck, contents)
    for number, section in enumerate(contents.sections, start=2):
        _slide(deck, contents, section, pictures, number)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _cover(deck: Deck, contents: Contents) -> None:
    slide = _blank(deck)
    _box(slide, 0, 0, _WIDE, _HIGH, palette.BAR)
    _box(slide, _MARGIN, 2.35, 0.14, 1.75, palette.ECHO)
    _say(slide, 1.0, 2.2, 11.5, 1.2, contents.title, size=46, colour=palette.PAPER, bold=True)
    _say(slide, 1.0, 3.35, 11.5, 0.8, contents.subtitle, size=26, colour="#cfdce8")
    _say(slide, 1.0, 5.9, 11.5, 0.5, contents.as_of, size=16, colour="#a9bccd")
    notes = [f"校验码 {contents.fingerprint}", *contents.caveats]
    slide.notes_slide.notes_text_frame.text = "\n".join(notes)


def _slide(deck: Deck, contents: Contents, section: Section, pictures: Mapping[str, Picture], number: int) -> None:
    slide = _blank(deck)
    _box(slide, 0, 0, _WIDE, 0.16, palette.BRAND)
    _say(slide, _MARGIN, 0.38, 9, 0.45, section.heading, size=18, colour=palette.BRAND, bold=True)
    _say(slide, _MARGIN, 0.8, _WIDE - 2 * _MARGIN, 1.1, section.message, size=32, colour=palette.INK, bold=True)
    picture = pictures[section.chart.name] if section.chart else None
    top = _TOP
    if section.figures:
        top = _figures(slide, section.figures, top)
    if section.chart is not None and picture is not None:
        _picture(slide, picture, section.chart.told, top)
    _tables(slide, section, beside=picture is not None, top=top)
    _cases(slide, section.cases)
    _items(slide, section.items)
    _notes(slide, section)
    foot = f"{contents.unit_name}　{contents.period_label}　{contents.as_of}"
    _say(slide, _MARGIN, 7.02, 10.5, 0.35, foot, size=11, colour=palette.INK_3)
    _say(slide, _WIDE - 1.6, 7.02, 1.0, 0.35, str(number), size=11, colour=palette.INK_3, align=PP_ALIGN.RIGHT)


def _figures(slide: Slide, figures: Sequence[Figure], top: float) -> float:
    """Two rows of four tiles; gives where the next thing may begin."""
    gap, across = 0.22, 4
    width = (_WIDE - 2 * _MARGIN - (across - 1) * gap) / across
    tall = any(figure.change or figure.year_change for figure in figures)
    height = 1.95 if tall else 1.2
    for at, figure in enumerate(figures):
        left, y = _MARGIN + (at % across) * (width + gap), top + (at // across) * (height + gap)
        _box(slide, left, y, width, height, palette.GROUND)
        _say(slide, left + 0.18, y + 0.12, width - 0.3, 0.36, figure.label, size=16, colour=palette.INK_3)
        _say(slide, left + 0.18, y + 0.42, width - 0.3, 0.75, figure.shown, size=34, colour=palette.INK, bold=True)
        for line, (words, colour) in enumerate(_changes(figure)):
            _say(slide, left + 0.18, y + 1.2 + 0.33 * line, width - 0.3, 0.34, words, size=14, colour=colour)
    rows = -(-len(figures) // across)
    return top + rows * (height + gap) + 0.1


def _changes(figure: Figure) -> list[tuple[str, str]]:
    found = [(f"较上期 {figure.change}", palette.tone(figure.good))] if figure.change else []
    return [*found, (f"较上年 {figure.year_change}", palette.INK_3)] if figure.year_change else found


def _picture(slide: Slide, picture: Picture, told: str, top: float) -> None:
    most_wide, most_high = 7.1, _BOTTOM - top
    scale = min(most_wide / picture.width, most_high / picture.height)
    left = _MARGIN + (most_wide - picture.width * scale) / 2
    shape = slide.shapes.add_picture(
        io.BytesIO(picture.png),
        Inches(left),
        Inches(top),
        width=Inches(picture.width * scale),
        height=Inches(picture.height * scale),
    )
    shape._element.nvPicPr.cNvPr.set("descr", told)


def _tables(slide: Slide, section: Section, *, beside: bool, top: float) -> None:
    """Beside a chart only the first table, with the columns that say most; the document has every one."""
    left = 7.95 if beside else _MARGIN
    width = _WIDE - _MARGIN - left
    if section.tables:
        _table(slide, section.tables[0], left, top, width)
    elif section.notes and not section.figures:
        _say(slide, left, top + 0.2, width, 3.5, "\n\n".join(section.notes), size=20, colour=palette.INK_2)


def _table(slide: Slide, given: Table, left: float, top: float, width: float) -> None:
    columns = range(len(given.head)) if width > 6 else given.narrow or _narrow(given)
    rows = given.rows[:_ROWS]
    _say(slide, left, top - 0.08, width, 0.36, given.title, size=14, colour=palette.INK_2, bold=True)
    height = 0.37
    frame = slide.shapes.add_table(
        len(rows) + 1, len(columns), Inches(left), Inches(top + 0.32), Inches(width), Inches(height * (len(rows) + 1))
    )
    table = frame.table
    frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN
    table.first_row = table.horz_banding = False
    for place, column in enumerate(columns):
        table.columns[place].width = _column(given, columns, column, width)
        _cell(
            table.cell(0, place), given.head[column], shade=palette.BRAND_TINT, right=column in given.numeric, size=12
        )
        for at, row in enumerate(rows, start=1):
            _cell(
                table.cell(at, place),
                row.cells[column],
                shade=palette.BRAND_TINT if row.mark else palette.PAPER,
                right=column in given.numeric,
                bold=row.mark,
            )
    for row in table.rows:
        row.height = Inches(height)


_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's style "no style, no grid"


def _narrow(given: Table) -> list[int]:
    """Of a table that does not say: the name, and the last figures."""
    count = len(given.head)
    names = [at for at in range(count) if at not in given.numeric]
    return sorted({*names, *range(max(len(names), count - 2), count)})


def _column(given: Table, columns: Sequence[int], column: int, width: float) -> Emu:
    """Columns of figures and of short words take what they need, the first long one the rest."""
    figure = 1.05 if len(columns) < 5 else 1.5
    short = 0.65
    fixed = {at: figure if at in given.numeric else short for at in columns}
    widest = max(
        (at for at in columns if at not in given.numeric),
        key=lambda at: max((len(row.cells[at]) for row in given.rows), default=0),
    )
    fixed[widest] = width - sum(size for at, size in fixed.items() if at != widest)
    return Inches(fixed[column])


def _cases(slide: Slide, cases: Sequence[CaseLine]) -> None:
    height = 0.94
    for at, case in enumerate(cases[:_CASES]):
        y = _TOP - 0.1 + at * height
        _box(slide, _MARGIN, y + 0.06, 0.07, height - 0.2, palette.RED)
        _say(slide, _MARGIN + 0.2, y, 9.4, 0.4, case.what, size=18, colour=palette.INK, bold=True)
        flags = f"{'、'.join(case.flags)}\n{case.case_no}"
        _say(slide, 10.0, y, 2.75, 0.4, flags, size=11, colour=palette.RED, align=PP_ALIGN.RIGHT)
        _say(
            slide,
            _MARGIN + 0.2,
            y + 0.38,
            _WIDE - 2 * _MARGIN - 0.2,
            0.55,
            case.happened,
            size=13,
            colour=palette.INK_2,
        )
    if len(cases) > _CASES:
        rest = f"另有{len(cases) - _CASES}件见文档和网页"
        _say(slide, _MARGIN, 6.66, 6, 0.34, rest, size=13, colour=palette.INK_3)


def _items(slide: Slide, items: Sequence[str]) -> None:
    height = min(1.05, (_BOTTOM - _TOP) / max(1, len(items)))
    for at, item in enumerate(items):
        y = _TOP + at * height
        mark = _box(slide, _MARGIN, y + 0.03, 0.5, 0.5, palette.BRAND)
        _fill(mark.text_frame, str(at + 1), size=18, colour=palette.PAPER, bold=True, align=PP_ALIGN.CENTER)
        mark.text_frame.margin_left = mark.text_frame.margin_right = 0
        _say(slide, _MARGIN + 0.7, y - 0.02, _WIDE - 2 * _MARGIN - 0.7, height, item, size=21, colour=palette.INK)


def _notes(slide: Slide, section: Section) -> None:
    """What the speaker may want to say: every note, and the picture in words."""
    words = [*section.notes, *([section.chart.told] if section.chart else [])]
    if section.notes and (section.figures or section.tables):
        _say(slide, _MARGIN, 6.5, _WIDE - 2 * _MARGIN, 0.5, "　".join(section.notes), size=13, colour=palette.INK_2)
    if words:
        slide.notes_slide.notes_text_frame.text = "\n".join(words)


def _blank(deck: Deck) -> Slide:
    return deck.slides.add_slide(deck.slide_layouts[_BLANK])


def _box(slide: Slide, left: float, top: float, width: float, height: float, colour: str) -> Shape:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(left), Inches(top), Inches(width), Inches(height))
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(colour)
    shape.line.fill.background()
    shape.shadow.inherit = False
    return shape


def _say(
    slide: Slide,
    left: float,
    top: float,
    width: float,
    height: float,
    text: str,
    *,
    size: float,
    colour: str,
    bold: bool = False,
    align: PP_ALIGN = PP_ALIGN.LEFT,
) -> None:
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _fill(frame, text, size=size, colour=colour, bold=bold, align=align)


def _fill(
    frame: TextFrame, text: str, *, size: float, colour: str, bold: bool = False, align: PP_ALIGN = PP_ALIGN.LEFT
) -> None:
    for at, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.alignment = align
        run = paragraph.add_run()
        run.text = line
        font = run.font
        font.size, font.bold, font.color.rgb, font.name = Pt(size), bold, _rgb(colour), OFFICE
        east_asian = run._r.get_or_add_rPr().makeelement(qn("a:ea"), {"typeface": OFFICE})
        run._r.get_or_add_rPr().append(east_asian)


def _cell(cell: _Cell, text: str, *, shade: str, right: bool, bold: bool = False, size: float = 14) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = _rgb(shade)
    cell.margin_left = cell.margin_right = Inches(0.08)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    align = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    _fill(cell.text_frame, text, size=size, colour=palette.INK, bold=bold, align=align)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#").upper())
