package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.jobs.RefusedException;
import java.util.regex.Pattern;

/** A pattern for keys as Redis has them: {@code *}, {@code ?}, {@code [abc]}, {@code [^a]}, and a backslash before what stands for itself. */
record Glob(String text, Pattern pattern) {

    /** @throws RefusedException when the pattern is empty */
    static Glob of(String text) {
        if (text.isEmpty()) {
            throw new RefusedException("pattern", "the pattern is empty", "give one such as dashboard:7:*");
        }
        StringBuilder regex = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            int close = c == '[' ? text.indexOf(']', at) : -1;
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else if (close > at) {
                regex.append(set(text.substring(at, close)));
                at = close + 1;
            } else {
                boolean escaped = c == '\\' && at < text.length();
                regex.append(Pattern.quote(String.valueOf(escaped ? text.charAt(at++) : c)));
            }
        }
        return new Glob(text, Pattern.compile(regex.toString(), Pattern.DOTALL));
    }

    private static String set(String members) {
        boolean not = members.startsWith("^");
        String escaped = (not ? members.substring(1) : members).replaceAll("[\\\\\\[\\]&^]", "\\\\$0");
        return (not ? "[^" : "[") + escaped + "]";
    }

    boolean matches(String key) {
        return pattern.matcher(key).matches();
    }

    /** Whether nothing but place holders is in it, so that hardly a key does not match. */
    boolean saysNothing() {
        return text.replaceAll("\\[[^\\]]*\\]|[*?]", "").isEmpty();
    }
}
