package io.tidemark.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Prometheus's expressions as far as to say which metrics they name, and with which labels. */
final class PromQl {
    private static final Pattern TOKEN = Pattern.compile("\\s+|\"(?:[^\"\\\\]|\\\\.)*\"|[a-zA-Z_:][a-zA-Z0-9_:]*"
            + "|[0-9][0-9.e+]*[a-z]*|==|!=|>=|<=|=~|!~|[-+*/%^<>=(){}\\[\\],]");
    private static final Set<String> GROUPING = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");
    private static final Set<String> FUNCTIONS = Set.of(
            "sum", "min", "max", "avg", "count", "rate", "increase", "histogram_quantile", "vector", "absent", "time");

    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Set<String>> metrics = new LinkedHashMap<>();

    private PromQl() {}

    /**
     * The metrics by name, each with the labels that its selectors and the grouping around it name.
     *
     * @throws IllegalArgumentException when it is no such expression
     */
    static Map<String, Set<String>> metrics(String expression) {
        PromQl read = new PromQl();
        Matcher token = TOKEN.matcher(expression);
        int at = 0;
        while (token.find()) {
            if (token.start() != at) {
                throw new IllegalArgumentException("cannot be read from \"" + expression.substring(at) + "\" on");
            }
            at = token.end();
            if (!token.group().isBlank()) {
                read.tokens.add(token.group());
            }
        }
        if (at != expression.length()) {
            throw new IllegalArgumentException("cannot be read from \"" + expression.substring(at) + "\" on");
        }
        read.walk();
        return read.metrics;
    }

    private void walk() {
        Set<String> grouped = new TreeSet<>();
        int open = 0;
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            boolean call = i + 1 < tokens.size() && tokens.get(i + 1).equals("(");
            open += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
            if (GROUPING.contains(token)) {
                i = names(i + 1, ")", grouped);
            } else if (token.matches("[a-zA-Z_:].*") && !WORDS.contains(token)) {
                if (call || i + 1 < tokens.size() && GROUPING.contains(tokens.get(i + 1))) {
                    require(FUNCTIONS.contains(token), "no function of ours: " + token);
                } else {
                    Set<String> labels = metrics.computeIfAbsent(token, name -> new TreeSet<>());
                    if (i + 1 < tokens.size() && tokens.get(i + 1).equals("{")) {
                        i = names(i + 1, "}", labels);
                    }
                }
            } else if (token.equals("[")) {
                i = names(i, "]", new TreeSet<>());
            }
        }
        require(open == 0, "its brackets do not fit");
        require(!metrics.isEmpty() || tokens.contains("vector"), "it names no metric");
        metrics.values().forEach(labels -> labels.addAll(grouped));
    }

    /** The names between brackets, but not the values; answers where they end. */
    private int names(int from, String end, Set<String> names) {
        int i = from + 1;
        while (i < tokens.size() && !tokens.get(i).equals(end)) {
            if (tokens.get(i).matches("[a-zA-Z_:].*")) {
                names.add(tokens.get(i));
            }
            i++;
        }
        require(i < tokens.size(), "expected " + end);
        return i;
    }

    private void require(boolean right, String wrong) {
        if (!right) {
            throw new IllegalArgumentException(wrong + " in " + String.join(" ", tokens));
        }
    }
}
