package io.tidemark.testkit.servers;

class EmbeddedServersIT extends ServersContract {

    @Override
    Servers servers() {
        return Servers.embedded();
    }
}
