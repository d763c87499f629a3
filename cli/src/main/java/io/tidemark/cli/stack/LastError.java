package io.tidemark.cli.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds in a log what a person has to know: the last error without its stack trace, or what a service that was not let
 * start said without a time before it. Stateless.
 */
final class LastError {
    private static final Pattern ERROR = Pattern.compile("\\bERROR\\b|^Error:|^tidemark:|^Exception in thread");
    private static final Pattern STACK = Pattern.compile("^\\s+at |^\\s*\\.\\.\\. \\d+ (more|common)");
    private static final Pattern TIMED = Pattern.compile("^\\d{4}-\\d\\d-\\d\\dT");
    private static final Pattern OF_THE_JVM = Pattern.compile("^(OpenJDK|WARNING:|Picked up|SLF4J)");
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
            List<String> last = log.subList(Math.max(0, log.size() - LINES), log.size());
            List<String> plain = last.stream().filter(LastError::isPlain).toList();
            return plain.isEmpty() ? shown(last) : String.join("\n", plain);
        }
        return shown(log.subList(start, log.size()));
    }

    private static boolean isPlain(String line) {
        return !line.isBlank()
                && !TIMED.matcher(line).find()
                && !STACK.matcher(line).find()
                && !OF_THE_JVM.matcher(line).find();
    }

    private static String shown(List<String> lines) {
        List<String> found = new ArrayList<>();
        for (String line : lines) {
            if (!STACK.matcher(line).find() && !line.isBlank() && found.size() < LINES) {
                found.add(line);
            }
        }
        return found.isEmpty() ? "(its log says nothing)" : String.join("\n", found);
    }
}
