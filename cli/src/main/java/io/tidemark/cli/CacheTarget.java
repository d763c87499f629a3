package io.tidemark.cli;

import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which cache-writer a command speaks to, with which token, and how it shows what it is told. */
final class CacheTarget {
    private static final String SERVICE = "cache-writer";

    @Mixin
    private TargetOptions target = new TargetOptions();

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
        return new AdminClient(SERVICE, service.url(), target.requireToken(SERVICE), target.http());
    }
}
