package io.tidemark.core.pipeline;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds what somebody who mistyped a name may have meant. */
public final class Suggestion {
    private Suggestion() {}

    /** What to do about a name that is not among the known ones. */
    public static String remedy(String name, Collection<String> known) {
        Optional<String> nearest = nearest(name, known);
        return nearest.map(meant -> "did you mean " + meant + "?")
                .orElseGet(() -> known.isEmpty()
                        ? "there is none"
                        : "known are " + known.stream().sorted().limit(30).collect(Collectors.joining(", ")));
    }

    /** The known name that differs least, when it differs little: by a third of its characters at most. */
    static Optional<String> nearest(String name, Collection<String> known) {
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest != null && least <= Math.max(1, nearest.length() / 3) ? Optional.of(nearest) : Optional.empty();
    }

    /** How many characters to add, drop, replace or swap with their neighbour (Damerau-Levenshtein). */
    private static int distance(String a, String b) {
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                steps[i][j] = i == 0 || j == 0 ? i + j : step(a, b, i, j, steps);
            }
        }
        return steps[a.length()][b.length()];
    }

    private static int step(String a, String b, int i, int j, int[][] steps) {
        boolean equal = a.charAt(i - 1) == b.charAt(j - 1);
        int least = Math.min(Math.min(steps[i - 1][j], steps[i][j - 1]) + 1, steps[i - 1][j - 1] + (equal ? 0 : 1));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
    }
}
