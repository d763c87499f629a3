package io.tidemark.cli.screen;

import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns: the first to the left, the numbers that follow to the right. Not thread-safe. */
public final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();
    private final int columns;
    private final boolean numbers;

    private TextTable(boolean numbers, String... titles) {
        this.columns = titles.length;
        this.numbers = numbers;
        rows.add(List.of(titles));
    }

    /** A table of numbers, with a name at the left of each row. */
    public static TextTable ofNumbers(String... titles) {
        return new TextTable(true, titles);
    }

    /** A table of words, all to the left. */
    public static TextTable ofWords(String... titles) {
        return new TextTable(false, titles);
    }

    public void row(String... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException("expected " + columns + " cells, found " + cells.length);
        }
        rows.add(List.of(cells));
    }

    /** The table's lines, without a line end after the last. */
    @Override
    public String toString() {
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String space = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? "" : "  ");
                line.append(numbers && i > 0 ? space + row.get(i) : row.get(i) + space);
            }
            lines.add(line.toString().stripTrailing());
        }
        return String.join("\n", lines);
    }
}
