package io.tidemark.systemtests.load;

import io.tidemark.systemtests.product.Masters;
import io.tidemark.systemtests.product.Product;
import io.tidemark.testkit.await.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** A row whose arrival in Redis tells that what was committed before it is on its way out too. */
public final class Marker {

    private final Product product;
    private long n;

    public Marker(Product product) {
        this.product = product;
    }

    /** Commits a new value of the marker row and waits until it is readable in Redis. */
    public void awaitReadable(Duration limit) throws SQLException {
        n++;
        try (Connection connection = product.database();
                PreparedStatement update = connection.prepareStatement("update marker set n = ? where id = 1")) {
            update.setLong(1, n);
            update.executeUpdate();
        }
        Await.until("the marker row " + n + " is readable in Redis", limit)
                .sees(this::read, value -> value != null && value.matches(".*\"n\": ?" + n + "\\D.*"));
    }

    private String read() throws Exception {
        try (Masters masters = product.masters()) {
            return masters.get(product.masterOf("marker:1")).get("marker:1");
        }
    }
}
