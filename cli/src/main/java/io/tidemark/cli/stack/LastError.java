package io.tidemark.cli.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds in a log what a person has to know: the last error without its stack trace. Stateless. */
final class LastError {
    private static final Pattern ERROR = Pattern.compile("\\bERROR\\b|^Error:|^tidemark:|^Exception in thread");
    private static final Pattern STACK = Pattern.compile("^\\s+at |^\\s*\\.\\.\\. \\d+ (more|common)");
    private static final int LINES = 12;

    private LastError() {}

    static String of(List<String> log) {
        int start = -1;
        for (int i = 0; i < log.size(); i++) {
            if (ERROR.matcher(log.get(i)).find()) {
                start = i;
            }
        }
        if (start < 0) {
            start = Math.max(0, log.size() - LINES);
        }
        List<String> found = new ArrayList<>();
        for (String line : log.subList(start, log.size())) {
            if (!STACK.matcher(line).find() && !line.isBlank() && found.size() < LINES) {
                found.add(line);
            }
        }
        return found.isEmpty() ? "(its log says nothing)" : String.join("\n", found);
    }
}
