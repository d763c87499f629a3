package io.tidemark.testkit.service;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a service says at {@code /prometheus}, in Prometheus's text form. Immutable. */
public final class MetricsPage {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? ([^ ]+)(?: [0-9]+)?");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Map<String, Sample> samples = new LinkedHashMap<>();

    private record Sample(String name, Map<String, String> labels, double value) {}

    private MetricsPage() {}

    /** @throws IllegalArgumentException when a line is no sample, with the line */
    public static MetricsPage read(String text) {
        MetricsPage page = new MetricsPage();
        text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> page.samples.put(line, sample(line)));
        return page;
    }

    /** Every name there is; those of a histogram with their endings. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        samples.values().forEach(sample -> names.add(sample.name()));
        return names;
    }

    /** Every label that samples of that name have. */
    public Set<String> labels(String name) {
        Set<String> labels = new TreeSet<>();
        samples.values().stream()
                .filter(sample -> sample.name().equals(name))
                .forEach(sample -> labels.addAll(sample.labels().keySet()));
        return labels;
    }

    /** Whether there is a sample of that name with at least these labels, given as name and value in turn. */
    public boolean has(String name, String... labels) {
        return samples.values().stream().anyMatch(sample -> matches(sample, name, labels));
    }

    /** The sum over every sample of that name with at least these labels, given as name and value in turn; 0 for none. */
    public double sum(String name, String... labels) {
        return samples.values().stream()
                .filter(sample -> matches(sample, name, labels))
                .mapToDouble(Sample::value)
                .sum();
    }

    private static boolean matches(Sample sample, String name, String... labels) {
        boolean same = sample.name().equals(name);
        for (int i = 0; i + 1 < labels.length; i += 2) {
            same &= labels[i + 1].equals(sample.labels().get(labels[i]));
        }
        return same;
    }

    private static Sample sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new IllegalArgumentException("expected a sample of Prometheus's text form, found " + line);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        if (sample.group(2) != null) {
            Matcher label = LABEL.matcher(sample.group(2));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
        }
        return new Sample(sample.group(1), labels, value(sample.group(3)));
    }

    private static double value(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
