#!/usr/bin/python3
"""window.py - reads and presses what Claws Mail shows, as a screen reader does

  window.py able             whether this can be run at all
  window.py banner [PART]    the banner's lines; waits until one holds PART
  window.py gone             waits until no banner is shown
  window.py selects PART     selects the text of the label with PART, as a mouse
                             would; the selected text
  window.py contrast PART    that of the label with PART against its ground, as
                             WCAG 2 measures it: 1 to 21
  window.py says PART        waits until something shown is named so
  window.py labels           every label that is shown
  window.py text             the texts that are shown (hidden text is not)
  window.py press NAME       presses the button of that name, or toggles the
                             box whose name begins so
  window.py menu NAME...     chooses from the menus
  window.py fill TEXT        writes it into the field for a password
  window.py row NAME         waits for a table with that cell
  window.py choose NAME      selects the row with that cell
  window.py dump             all that is shown
  window.py screen FILE      a picture of the screen, PNG
  window.py in TITLE WORD... one of these, in the window of that title alone

Exit status: 0, or 1 after $PATIENCE seconds (150) in vain.
"""
import os
import sys
import time
import warnings

warnings.simplefilter('ignore')
import gi  # noqa: E402
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = float(os.environ.get('PATIENCE', 150))    # seconds
ANSWER = 20000  # ms; what a Claws Mail that is busy has for one answer
Atspi.set_timeout(ANSWER, ANSWER)
only = None     # part of a window's title


def children(node):
    try:
        count = node.get_child_count()
    except GLib.Error:
        return
    for i in range(min(count, 500)):
        try:
            child = node.get_child_at_index(i)
        except GLib.Error:
            continue
        if child is not None:
            yield child


def walk(node, depth=0):
    yield node, depth
    if depth < 60:
        for child in children(node):
            yield from walk(child, depth + 1)


def shown(node):
    try:
        return node.get_state_set().contains(Atspi.StateType.SHOWING)
    except GLib.Error:
        return False


def role(node):
    try:
        return node.get_role_name()
    except GLib.Error:
        return ''


def name(node):
    try:
        return node.get_name() or ''
    except GLib.Error:
        return ''


def nodes():
    for app in children(Atspi.get_desktop(0)):
        if 'claws' in name(app):
            for top in children(app):
                if only is None or only in name(top):
                    yield from walk(top)


def labels(top):
    return [name(n) for n, _ in walk(top)
            if role(n) in ('label', 'push button') and shown(n) and name(n)]


def banner():
    for node, _ in nodes():
        if name(node).startswith('mailseal: ') and shown(node):
            return labels(node)
    return []


def wait(what):
    end = time.monotonic() + PATIENCE
    while True:
        begun = time.monotonic()
        try:
            found = what()
        except GLib.Error:  # it went while we looked, or does not answer yet
            found = False
        if found or time.monotonic() > end:
            return found
        # No longer busy with us than with what we wait for.
        time.sleep(max(0.05, time.monotonic() - begun))


def done(act, *arguments):
    """What is asked for is done, even if its answer comes too late."""
    try:
        return act(*arguments)
    except GLib.Error as error:
        if 'timeout' in error.message:
            return True
        raise


def press(wanted):
    for node, _ in nodes():
        if shown(node) and (name(node) == wanted or
                            role(node) == 'check box' and
                            name(node).startswith(wanted)):
            action = node.get_action_iface()
            if action and action.get_n_actions() > 0:
                return done(action.do_action, 0)
    return False


def fill(text):
    for node, _ in nodes():
        if role(node) == 'password text' and shown(node):
            return node.get_editable_text_iface().set_text_contents(text)
    return False


MENU = ('menu', 'menu item', 'check menu item', 'radio menu item')


def entry(tops, words):
    """The entry at the end of that way; there may be several menus of a name."""
    for top in tops:
        for node, _ in walk(top):
            if name(node) != words[0] or role(node) not in MENU:
                continue
            found = entry([node], words[1:]) if words[1:] else node
            if found is not None:
                return found
    return None


def menu(words):
    found = entry([n for n, _ in nodes() if role(n) == 'menu bar'], words)
    return found is not None and done(
        found.get_action_iface().do_action, 0)


def row(wanted):
    return any(name(node) == wanted and role(node) == 'table cell'
               for node, _ in nodes())


def choose(wanted):
    for node, _ in nodes():
        if name(node) == wanted and role(node) == 'table cell':
            table = node.get_parent()
            while table is not None and table.get_table_iface() is None:
                table = table.get_parent()
            if table is None:
                return False
            grid = table.get_table_iface()
            where = Atspi.Table.get_row_at_index(
                grid, node.get_index_in_parent())
            done(Atspi.Table.add_row_selection, grid, where)
            return True
    return False


def screen(path):
    gi.require_version('Gdk', '3.0')
    from gi.repository import Gdk
    root = Gdk.get_default_root_window()
    time.sleep(0.3)     # what was pressed is drawn by then
    picture = Gdk.pixbuf_get_from_window(root, 0, 0, root.get_width(),
                                         root.get_height())
    return picture.savev(path, 'png', ['compression'], ['9'])


def label(part):
    for node, _ in nodes():
        if role(node) == 'label' and shown(node) and part in name(node):
            return node
    return None


def selects(part):
    node = label(part)
    text = node.get_text_iface() if node else None
    if not text:
        return False
    length = Atspi.Text.get_character_count(text)
    # Only what can be selected by hand takes a selection.
    if not Atspi.Text.add_selection(text, 0, length):
        return False
    time.sleep(0.1)
    here = Atspi.Text.get_selection(text, 0)
    print(Atspi.Text.get_text(text, here.start_offset, here.end_offset))
    return here.end_offset > here.start_offset


def light(colour):
    def linear(part):
        part /= 255
        return part / 12.92 if part <= 0.04045 else \
            ((part + 0.055) / 1.055) ** 2.4
    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(part):
    gi.require_version('Gdk', '3.0')
    from gi.repository import Gdk
    node = label(part)
    if node is None:
        return False
    box = Atspi.Component.get_extents(node, Atspi.CoordType.SCREEN)
    picture = Gdk.pixbuf_get_from_window(
        Gdk.get_default_root_window(), box.x, box.y, box.width, box.height)
    data, step = picture.get_pixels(), picture.get_n_channels()
    counts = {}
    for y in range(picture.get_height()):
        line = data[y * picture.get_rowstride():]
        for x in range(0, picture.get_width() * step, step):
            colour = tuple(line[x:x + 3])
            counts[colour] = counts.get(colour, 0) + 1
    ground = max(counts, key=counts.get)
    # A stroke of a letter, not one odd dot.
    ink = [light(colour) for colour in counts if counts[colour] >= 5]
    base = light(ground)
    print('%.1f' % max((max(base, one) + 0.05) / (min(base, one) + 0.05)
                       for one in ink))
    return True


def texts():
    found = []
    for node, _ in nodes():
        if role(node) == 'text' and shown(node):
            try:
                text = node.get_text_iface()
                if text:
                    found.append(Atspi.Text.get_text(text, 0, -1))
            except GLib.Error:
                continue
    return found


def main(words):
    global only
    if words[0] == 'in':
        only, words = words[1], words[2:]
    if words[0] == 'able':
        return True
    if words[0] == 'banner':
        part = words[1] if len(words) > 1 else ''
        found = wait(lambda: [line for line in [banner()]
                              if any(part in label for label in line)])
        print('\n'.join(found[0] if found else banner()))
        return bool(found)
    if words[0] == 'gone':
        return wait(lambda: not banner())
    if words[0] == 'selects':
        return wait(lambda: selects(words[1]))
    if words[0] == 'contrast':
        time.sleep(0.3)
        return wait(lambda: contrast(words[1]))
    if words[0] == 'says':
        return wait(lambda: any(words[1] in name(n) for n, _ in nodes()
                                if shown(n)))
    if words[0] == 'labels':
        for node, _ in nodes():
            if role(node) == 'label' and shown(node):
                print(name(node))
        return True
    if words[0] == 'text':
        print('\n'.join(texts()))
        return True
    if words[0] == 'press':
        return wait(lambda: press(words[1]))
    if words[0] == 'fill':
        return wait(lambda: fill(words[1]))
    if words[0] == 'menu':
        return wait(lambda: menu(words[1:]))
    if words[0] == 'row':
        return wait(lambda: row(words[1]))
    if words[0] == 'screen':
        return screen(words[1])
    if words[0] == 'choose':
        return wait(lambda: choose(words[1]))
    if words[0] == 'dump':
        for node, depth in nodes():
            if shown(node):
                print('  ' * depth + role(node), repr(name(node)))
        return True
    return False


sys.exit(0 if main(sys.argv[1:]) else 1)
