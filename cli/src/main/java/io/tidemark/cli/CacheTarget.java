package io.tidemark.cli;

import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which cache-writer a command speaks to, with which token, and how it shows what it is told. */
final class CacheTarget {
    private static final String SERVICE = "cache-writer";

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token (default: the one run.json tells of).")
    private @Nullable Path tokenFile;

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    private boolean json;

    boolean json() {
        return json;
    }

    /** @throws CommandFailure with exit code 5 when its address is not known, 2 when its token is not */
    AdminClient client() {
        ServiceClient service = target.services().get(SERVICE);
        if (service == null) {
            throw new CommandFailure(
                    ExitCode.CANNOT_CONNECT,
                    "the address of cache-writer is not known; give it with --cache-writer-url");
        }
        Path file = tokenFile != null
                ? tokenFile
                : target.runFile()
                        .flatMap(found -> java.util.Optional.ofNullable(found.token()))
                        .map(Path::of)
                        .orElseThrow(() -> new CommandFailure(
                                ExitCode.USAGE,
                                "cache-writer asks for a token; name the file that holds it with --token-file (the"
                                        + " service's log says where it lies)"));
        return new AdminClient(SERVICE, service.url(), TokenFile.read(file));
    }
}
