package io.tidemark.cli;

import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.api.ServiceHttp;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.stack.RunFile;
import io.tidemark.core.tls.TlsFiles;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which services a command speaks to: those named by URL, else those that run.json tells of. */
final class TargetOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".tidemark",
            description = "Folder with the run.json of what runs (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".tidemark");

    @Option(names = "--ingest-url", paramLabel = "URL", description = "Address of ingest-service.")
    private @Nullable String ingestUrl;

    @Option(names = "--cache-writer-url", paramLabel = "URL", description = "Address of cache-writer.")
    private @Nullable String cacheWriterUrl;

    @Option(names = "--reconciler-url", paramLabel = "URL", description = "Address of reconciler.")
    private @Nullable String reconcilerUrl;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            defaultValue = "${env:TIDEMARK_TOKEN_FILE}",
            description =
                    "File with the services' token (default: TIDEMARK_TOKEN_FILE, else the one run.json tells of).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            defaultValue = "${env:TIDEMARK_HTTP_SSLROOTCERT}",
            description = "PEM file of the authorities to trust where the services speak https (default:"
                    + " TIDEMARK_HTTP_SSLROOTCERT, else those of the Java platform).")
    private @Nullable Path authorities;

    /** How to come to the services. */
    HttpClient http() {
        return ServiceHttp.client(Optional.ofNullable(authorities).map(file -> new TlsFiles(file, null, null)));
    }

    /** The token, where a file with it is known. */
    Optional<String> token() {
        Optional<Path> file = tokenFile != null
                ? Optional.of(tokenFile)
                : runFile().flatMap(found -> Optional.ofNullable(found.token())).map(Path::of);
        return file.map(TokenFile::read);
    }

    /** @throws CommandFailure with exit code 2 when no file with a token is known */
    String requireToken(String service) {
        return token().orElseThrow(() -> ServiceClient.notLetIn(service, false));
    }

    /** What runs, if run.json tells. */
    Optional<RunFile> runFile() {
        Path file = data.resolve(RunFile.NAME);
        try {
            return RunFile.read(file);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.CANNOT_CONNECT, "cannot read " + file.toAbsolutePath() + ": " + e.getMessage(), e);
        }
    }

    /**
     * A client for each service whose address is known, in the order of the data's way.
     *
     * @throws CommandFailure with exit code 5 when none is
     */
    Map<String, ServiceClient> services() {
        Map<String, String> urls = new LinkedHashMap<>();
        runFile().ifPresent(running -> running.services().forEach((name, service) -> urls.put(name, service.url())));
        put(urls, "ingest-service", ingestUrl);
        put(urls, "cache-writer", cacheWriterUrl);
        put(urls, "reconciler", reconcilerUrl);
        if (urls.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.CANNOT_CONNECT,
                    "nothing runs here: there is no "
                            + data.resolve(RunFile.NAME).toAbsolutePath().normalize()
                            + "; start it with ./tidemark up or ./tidemark demo, or name the services with"
                            + " --ingest-url, --cache-writer-url and --reconciler-url");
        }
        Map<String, ServiceClient> clients = new LinkedHashMap<>();
        String token = token().orElse(null);
        HttpClient http = http();
        urls.forEach((name, url) -> clients.put(name, new ServiceClient(name, url, token, http)));
        return clients;
    }

    /** @throws CommandFailure with exit code 5 when its address is not known */
    ServiceClient reconciler() {
        ServiceClient reconciler = services().get("reconciler");
        if (reconciler == null) {
            throw new CommandFailure(
                    ExitCode.CANNOT_CONNECT,
                    "the address of the reconciler is not known; give it with --reconciler-url");
        }
        return reconciler;
    }

    private static void put(Map<String, String> urls, String name, @Nullable String url) {
        if (url != null) {
            urls.put(name, url);
        }
    }
}
