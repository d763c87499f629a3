package io.tidemark.core.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.core.tls.TlsFiles;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server's URL taken apart, each part decoded.
 *
 * @param scheme what stands before {@code ://}
 * @param path what follows the first slash; empty for none
 * @param user empty for none
 */
record ServerUrl(
        String scheme,
        String host,
        int port,
        String path,
        String user,
        @Nullable Secret password,
        Map<String, Setting> parameters,
        @Nullable SslMode sslMode) {

    /** Written out, as java.net.URI finds no host where the name has an underscore. */
    private static final Pattern FORM = Pattern.compile(
            "(?<scheme>[a-z:]+)://((?<login>[^@/?#\\s]*)@)?"
                    + "(?<host>\\[[0-9a-fA-F:.]+]|[^:/?#@\\[\\]\\s,]+)(:(?<port>\\d{1,6}))?(/(?<path>[^?#\\s]*))?([?](?<query>[^#\\s]*))?");

    private static final List<String> PARAMETERS = List.of("sslmode", "sslrootcert", "sslcert", "sslkey");

    static Optional<ServerUrl> postgres(Setting setting, Problems problems) {
        String form = "postgresql://user@host:5432/database";
        ServerUrl url = parse(setting, form, 5432, problems);
        if (url == null) {
            return Optional.empty();
        }
        if (!url.scheme.equals("postgresql") && !url.scheme.equals("postgres")) {
            return refuse(setting, form, "found a URL of " + url.scheme, problems);
        }
        if (url.path.isEmpty()) {
            return refuse(setting, form, "found no database in it", problems);
        }
        for (String name : url.parameters.keySet()) {
            if (!PARAMETERS.contains(name)) {
                return refuse(
                        setting,
                        form,
                        "found the parameter " + name + "; known are " + String.join(", ", PARAMETERS),
                        problems);
            }
        }
        Setting mode = url.parameters.get("sslmode");
        return Optional.of(
                mode == null ? url : url.with(SslMode.of(mode, problems).orElse(null)));
    }

    static Optional<ServerUrl> redis(Setting setting, Problems problems) {
        String form = "redis://host:6379 or rediss://host:6379";
        ServerUrl url = parse(setting, form, 6379, problems);
        if (url == null) {
            return Optional.empty();
        }
        if (!url.scheme.equals("redis") && !url.scheme.equals("rediss")) {
            return refuse(setting, form, "found a URL of " + url.scheme, problems);
        }
        if (!url.path.matches("\\d{0,4}")) {
            return refuse(setting, form, "found a path that is not the number of a database", problems);
        }
        if (!url.parameters.isEmpty()) {
            return refuse(setting, form, "found parameters after ?, which are not used", problems);
        }
        return Optional.of(url);
    }

    /** The database it names; what is given here wins over what stands in the URL. */
    Database database(
            @Nullable String otherUser, @Nullable Secret otherPassword, @Nullable SslMode otherMode, TlsFiles files) {
        SslMode mode = otherMode != null ? otherMode : sslMode;
        return new Database(
                host,
                port,
                path,
                otherUser != null ? otherUser : user,
                otherPassword != null ? otherPassword : password,
                mode == null ? SslMode.PREFER : mode,
                files);
    }

    /** The file that a parameter names; null for none. */
    @Nullable
    Setting parameter(String name) {
        return parameters.get(name);
    }

    /** The Redis server it names; what is given here wins over what stands in the URL. */
    RedisSettings.Server server(
            @Nullable String otherUser, @Nullable Secret otherPassword, List<String> nodes, TlsFiles files) {
        String name = otherUser != null ? otherUser : user;
        return new RedisSettings.Server(
                host,
                port,
                scheme.equals("rediss"),
                path.isEmpty() ? 0 : Integer.parseInt(path),
                name.isEmpty() ? null : name,
                otherPassword != null ? otherPassword : password,
                nodes,
                files);
    }

    private ServerUrl with(@Nullable SslMode mode) {
        return new ServerUrl(scheme, host, port, path, user, password, parameters, mode);
    }

    private static @Nullable ServerUrl parse(Setting setting, String form, int defaultPort, Problems problems) {
        Matcher url = FORM.matcher(setting.text());
        if (!url.matches()) {
            // What was found is not shown: it may hold a password.
            String found =
                    "found none; characters such as @ : / # and spaces in a user or password are percent-encoded";
            refuse(setting, form, found, problems);
            return null;
        }
        int port = url.group("port") == null ? defaultPort : Integer.parseInt(url.group("port"));
        if (port < 1 || port > 65_535) {
            refuse(setting, form, "found the port " + port, problems);
            return null;
        }
        String[] login = orEmpty(url.group("login")).split(":", 2);
        try {
            return new ServerUrl(
                    url.group("scheme"),
                    url.group("host").replaceAll("^\\[|]$", ""),
                    port,
                    decoded(orEmpty(url.group("path"))),
                    decoded(login[0]),
                    login.length < 2 || login[1].isEmpty() ? null : new Secret(decoded(login[1])),
                    parameters(url.group("query"), setting.place()),
                    null);
        } catch (IllegalArgumentException notEncoded) {
            refuse(setting, form, "found a % that is not followed by two hexadecimal digits", problems);
            return null;
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Map<String, Setting> parameters(@Nullable String query, Place place) {
        Map<String, Setting> parameters = new LinkedHashMap<>();
        if (query != null && !query.isEmpty()) {
            for (String parameter : query.split("&", -1)) {
                String[] pair = parameter.split("=", 2);
                parameters.put(decoded(pair[0]), new Setting(pair.length < 2 ? "" : decoded(pair[1]), place));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }

    private static <T> Optional<T> refuse(Setting setting, String form, String found, Problems problems) {
        problems.add(setting.place(), "expected a URL like " + form + ", " + found);
        return Optional.empty();
    }
}
