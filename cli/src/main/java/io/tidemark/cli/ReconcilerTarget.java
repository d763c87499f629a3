package io.tidemark.cli;

import io.tidemark.cli.api.AdminClient;
import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.failure.CommandFailure;
import picocli.CommandLine.Mixin;

/** Which reconciler a command speaks to, and with which token. */
final class ReconcilerTarget {
    @Mixin
    private TargetOptions target = new TargetOptions();

    /** One that needs no token. */
    ServiceClient open() {
        return target.reconciler();
    }

    /** @throws CommandFailure with exit code 5 when its address is not known, 2 when its token is not */
    AdminClient client() {
        ServiceClient service = target.reconciler();
        return new AdminClient("reconciler", service.url(), target.requireToken("the reconciler"), target.http());
    }
}
