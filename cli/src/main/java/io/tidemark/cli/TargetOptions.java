package io.tidemark.cli;

import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.stack.RunFile;
import java.io.IOException;
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
        urls.forEach((name, url) -> clients.put(name, new ServiceClient(name, url)));
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
