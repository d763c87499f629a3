package io.tidemark.core.pipeline;

import io.tidemark.core.pipeline.Template.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether two templates can give the same key. A column is taken for any text without braces and white space, so the
 * answer may be yes where the columns' types would forbid it, and is never no where it is possible.
 */
final class KeyCollision {
    /** Stands for a column among the characters of a template. */
    private static final int ANY = -1;

    private KeyCollision() {}

    static boolean possible(List<Part> one, List<Part> other) {
        List<Integer> a = symbols(one);
        List<Integer> b = symbols(other);
        // same[i][j]: whether the rest of a from i and the rest of b from j can be the same text
        boolean[][] same = new boolean[a.size() + 1][b.size() + 1];
        for (int i = a.size(); i >= 0; i--) {
            for (int j = b.size(); j >= 0; j--) {
                same[i][j] = same(a, b, i, j, same);
            }
        }
        return same[0][0];
    }

    private static boolean same(List<Integer> a, List<Integer> b, int i, int j, boolean[][] same) {
        boolean anyInA = i < a.size() && a.get(i) == ANY;
        boolean anyInB = j < b.size() && b.get(j) == ANY;
        if (anyInA || anyInB) {
            return anyInA && (same[i + 1][j] || (j < b.size() && canStandFor(b.get(j)) && same[i][j + 1]))
                    || anyInB && (same[i][j + 1] || (i < a.size() && canStandFor(a.get(i)) && same[i + 1][j]));
        }
        if (i == a.size() || j == b.size()) {
            return i == a.size() && j == b.size();
        }
        return a.get(i).equals(b.get(j)) && same[i + 1][j + 1];
    }

    private static boolean canStandFor(int symbol) {
        return symbol == ANY || (symbol != '{' && symbol != '}' && !Character.isWhitespace(symbol));
    }

    private static List<Integer> symbols(List<Part> parts) {
        List<Integer> symbols = new ArrayList<>();
        for (Part part : parts) {
            if (part.column() != null) {
                symbols.add(ANY);
            }
            part.literal().chars().forEach(symbols::add);
        }
        return symbols;
    }
}
