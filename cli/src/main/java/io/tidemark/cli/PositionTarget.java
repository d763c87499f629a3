package io.tidemark.cli;

import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.stack.RunFile;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which position-service a command speaks to, and with which token. */
final class PositionTarget {
    private static final String SERVICE = "position-service";

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Option(names = "--position-url", paramLabel = "URL", description = "Address of position-service.")
    private @Nullable String url;

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    private boolean json;

    boolean json() {
        return json;
    }

    /** @throws CommandFailure with exit code 5 when its address or token is not known */
    AdminClient client() {
        Optional<RunFile> running = target.runFile();
        String address = url != null
                ? url
                : running.map(file -> file.services().get(SERVICE))
                        .map(RunFile.Service::url)
                        .orElseThrow(() -> new CommandFailure(
                                ExitCode.CANNOT_CONNECT,
                                "the address of position-service is not known; give it with --position-url"));
        return new AdminClient(SERVICE, address, target.requireToken(SERVICE), target.http());
    }
}
