package io.tidemark.cli;

import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.stack.RunFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which reconciler a command speaks to, and with which token. */
final class ReconcilerTarget {
    @Mixin
    private TargetOptions target = new TargetOptions();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token (default: the one run.json tells of).")
    private @Nullable Path tokenFile;

    /** One that needs no token. */
    ServiceClient open() {
        return target.reconciler();
    }

    /** @throws CommandFailure with exit code 5 when its address is not known, 2 when its token is not */
    AdminClient client() {
        ServiceClient service = target.reconciler();
        Path file = tokenFile != null
                ? tokenFile
                : target.runFile()
                        .flatMap((RunFile found) -> Optional.ofNullable(found.token()))
                        .map(Path::of)
                        .orElseThrow(() -> new CommandFailure(
                                ExitCode.USAGE,
                                "the reconciler asks for a token; name the file that holds it with --token-file (the"
                                        + " service's log says where it lies)"));
        return new AdminClient("reconciler", service.url(), TokenFile.read(file));
    }
}
