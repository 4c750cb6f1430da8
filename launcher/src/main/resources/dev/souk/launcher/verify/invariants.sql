-- What must always hold, once the shop has settled.
--
-- Each service keeps its own database, and no query can see two of them. So what is compared is first copied side by side,
-- into temporary tables that are gone afterwards ("copy": from which service, into which table). Then each check lists
-- everything that it compares, one row each: what it is, and whether the invariant holds for it. Not true, unknown too, is a
-- difference. A check that finds nothing to compare has failed, unless it says that this may be.

--: copy user user_event
SELECT id, user_id AS aggregate_id, seq, type FROM user_event

--: copy user user_delivery
SELECT receiver, aggregate_id, seq, parked_at IS NOT NULL AS parked FROM event_delivery

--: copy product stock
SELECT product_id, available, reserved, sold FROM stock

--: copy product stock_adjustment
SELECT product_id, delta FROM stock_adjustment

--: copy product reservation
SELECT order_id, state FROM reservation

--: copy product reservation_line
SELECT order_id, product_id, quantity FROM reservation_line

--: copy product product_event
SELECT id, product_id AS aggregate_id, seq, type FROM product_event

--: copy product product_delivery
SELECT receiver, aggregate_id, seq, parked_at IS NOT NULL AS parked FROM event_delivery

--: copy product product_inbox
SELECT event_id, source FROM inbox

--: copy order orders
SELECT id, user_id, idempotency_key, status, reason, checkout_status, total, currency, last_seq FROM orders

--: copy order order_line
SELECT order_id, product_id, quantity, unit_price FROM order_line

--: copy order order_event
SELECT id, order_id, seq, type FROM order_event

--: copy order saga
SELECT order_id, step, ending FROM saga

--: copy order order_delivery
SELECT receiver, aggregate_id, seq, parked_at IS NOT NULL AS parked FROM event_delivery

--: copy payment payment
SELECT id, order_id, user_id, kind, status, amount, currency, provider_reference FROM payment

--: copy payment ledger_entry
SELECT payment_id, account, side, amount, currency FROM ledger_entry

--: copy notification notification_inbox
SELECT event_id, source FROM inbox

--: copy notification notification
SELECT event_id, status FROM notification

-- The provider's own ledger, asked over HTTP, is the table provider_entry (seq, kind, key, id, charge, amount, currency).

-- 1. Stock

--: check 1 no product has less than nothing
SELECT product_id, available >= 0 AND reserved >= 0 AND sold >= 0 FROM stock

--: check 1 available, reserved and sold are all that ever came in
SELECT product_id, available + reserved + sold = coalesce(came, 0)
FROM stock LEFT JOIN (SELECT product_id, sum(delta) AS came FROM stock_adjustment GROUP BY product_id) AS adjusted
    USING (product_id)

--: check 1 reserved is the sum of the open reservations, sold of the committed ones
SELECT product_id, reserved = coalesce(held, 0) AND sold = coalesce(committed, 0)
FROM stock LEFT JOIN (
        SELECT product_id,
            sum(quantity) FILTER (WHERE state = 'HELD') AS held,
            sum(quantity) FILTER (WHERE state = 'COMMITTED') AS committed
        FROM reservation JOIN reservation_line USING (order_id)
        GROUP BY product_id) AS lines USING (product_id)

--: check 1 an order that was confirmed and not cancelled has its stock, line by line
SELECT id, reservation.state = 'COMMITTED' AND ordered.lines = held.lines
FROM orders
    LEFT JOIN reservation ON reservation.order_id = orders.id
    LEFT JOIN (SELECT order_id, array_agg((product_id, quantity::bigint) ORDER BY product_id) AS lines
        FROM order_line GROUP BY order_id) AS ordered ON ordered.order_id = orders.id
    LEFT JOIN (SELECT order_id, array_agg((product_id, quantity) ORDER BY product_id) AS lines
        FROM reservation_line GROUP BY order_id) AS held ON held.order_id = orders.id
WHERE status IN ('CONFIRMED', 'SHIPPED', 'DELIVERED')

--: check 1 no stock is held for an order that does not exist (may be empty)
SELECT order_id, orders.id IS NOT NULL
FROM reservation LEFT JOIN orders ON orders.id = reservation.order_id
WHERE state IN ('HELD', 'COMMITTED')

-- 2. Money

--: check 2 the ledger's debits are its credits, payment by payment
SELECT payment_id,
    sum(amount) FILTER (WHERE side = 'DEBIT') = sum(amount) FILTER (WHERE side = 'CREDIT')
        AND count(*) = 2 AND count(DISTINCT currency) = 1
FROM ledger_entry GROUP BY payment_id

--: check 2 exactly the payments that succeeded are booked, with their amounts
SELECT payment.id, (status = 'SUCCEEDED') = (booked IS NOT NULL) AND (booked IS NULL OR booked = payment.amount)
FROM payment LEFT JOIN (
        SELECT payment_id, sum(amount) AS booked FROM ledger_entry WHERE side = 'DEBIT' GROUP BY payment_id) AS entries
    ON entries.payment_id = payment.id

--: check 2 our charges are the provider's, one by one
SELECT coalesce(ours.order_id::text, theirs.key),
    ours.order_id IS NOT NULL AND theirs.key IS NOT NULL
        AND ours.amount = theirs.amount AND ours.currency = theirs.currency AND ours.provider_reference = theirs.id
FROM (SELECT * FROM payment WHERE kind = 'CHARGE' AND status = 'SUCCEEDED') AS ours
    FULL JOIN (SELECT * FROM provider_entry WHERE kind = 'charge') AS theirs
    ON theirs.key = 'charge:' || ours.order_id

--: check 2 our refunds are the provider's, one by one (may be empty)
SELECT coalesce(ours.order_id::text, theirs.key),
    ours.order_id IS NOT NULL AND theirs.key IS NOT NULL
        AND ours.amount = theirs.amount AND ours.currency = theirs.currency AND ours.provider_reference = theirs.id
FROM (SELECT * FROM payment WHERE kind = 'REFUND' AND status = 'SUCCEEDED') AS ours
    FULL JOIN (SELECT * FROM provider_entry WHERE kind = 'refund') AS theirs
    ON theirs.key = 'refund:' || ours.order_id

--: check 2 what was captured is the order's total, and the total is the sum of its lines
SELECT orders.id, payment.amount = orders.total AND payment.currency = orders.currency AND lines.total = orders.total
FROM orders
    LEFT JOIN payment ON payment.order_id = orders.id AND kind = 'CHARGE' AND payment.status = 'SUCCEEDED'
    LEFT JOIN (SELECT order_id, sum(quantity * unit_price) AS total FROM order_line GROUP BY order_id) AS lines
        ON lines.order_id = orders.id
WHERE orders.status IN ('CONFIRMED', 'SHIPPED', 'DELIVERED')

--: check 2 nobody is charged for an order that does not exist, or for somebody else's
SELECT payment.id, orders.id IS NOT NULL AND payment.user_id = orders.user_id
FROM payment LEFT JOIN orders ON orders.id = payment.order_id

-- 3. Once

--: check 3 an order that stands has exactly one charge at the provider, and it is not refunded
SELECT orders.id, charges = 1 AND refunds = 0
FROM orders LEFT JOIN (
        SELECT substr(key, strpos(key, ':') + 1) AS order_id,
            count(*) FILTER (WHERE kind = 'charge') AS charges,
            count(*) FILTER (WHERE kind = 'refund') AS refunds
        FROM provider_entry GROUP BY 1) AS entries ON entries.order_id = orders.id::text
WHERE status IN ('CONFIRMED', 'SHIPPED', 'DELIVERED')

--: check 3 a rejected or cancelled order has cost nothing at the provider (may be empty)
SELECT orders.id, coalesce(net, 0) = 0
FROM orders LEFT JOIN (
        SELECT substr(key, strpos(key, ':') + 1) AS order_id,
            sum(CASE kind WHEN 'charge' THEN amount WHEN 'refund' THEN -amount ELSE 0 END) AS net
        FROM provider_entry GROUP BY 1) AS entries ON entries.order_id = orders.id::text
WHERE status IN ('REJECTED', 'CANCELLED')

--: check 3 a rejected or cancelled order holds no stock (may be empty)
SELECT orders.id, coalesce(state, 'RELEASED') IN ('RELEASED', 'REFUSED')
FROM orders LEFT JOIN reservation ON reservation.order_id = orders.id
WHERE status IN ('REJECTED', 'CANCELLED')

-- 4. Kept

--: check 4 one idempotency key is one order
SELECT user_id || ' ' || idempotency_key, count(*) = 1 FROM orders GROUP BY user_id, idempotency_key

--: check 4 every order has lines
SELECT orders.id, count(order_id) >= 1 FROM orders LEFT JOIN order_line ON order_id = orders.id GROUP BY orders.id

-- 6. Settled

--: check 6 no order is pending, and no checkout is under way
SELECT orders.id, status <> 'PENDING' AND checkout_status IS NOT NULL AND saga.order_id IS NULL
FROM orders LEFT JOIN saga ON saga.order_id = orders.id

--: check 6 every payment has an end
SELECT id, status <> 'PENDING' FROM payment

--: check 6 nothing is left to be delivered, or parked (may be empty)
SELECT receiver || ' ' || aggregate_id || ' ' || seq, false FROM user_delivery
UNION ALL SELECT receiver || ' ' || aggregate_id || ' ' || seq, false FROM product_delivery
UNION ALL SELECT receiver || ' ' || aggregate_id || ' ' || seq, false FROM order_delivery

-- 7. History

--: check 7 an order's events are numbered from 1 without a gap
SELECT orders.id, count(seq) = last_seq AND min(seq) = 1 AND max(seq) = last_seq AND count(DISTINCT seq) = last_seq
FROM orders LEFT JOIN order_event ON order_id = orders.id GROUP BY orders.id, last_seq

--: check 7 an order only ever took legal steps
SELECT order_id, coalesce(before, '') || '>' || type IN (
    '>ORDER_PLACED', 'ORDER_PLACED>ORDER_CONFIRMED', 'ORDER_PLACED>ORDER_REJECTED', 'ORDER_PLACED>ORDER_CANCELLED',
    'ORDER_CONFIRMED>ORDER_CANCELLED', 'ORDER_CONFIRMED>ORDER_SHIPPED', 'ORDER_SHIPPED>ORDER_DELIVERED')
FROM (SELECT order_id, type, lag(type) OVER (PARTITION BY order_id ORDER BY seq) AS before FROM order_event) AS steps

--: check 7 an order stands where its last event left it
SELECT orders.id, 'ORDER_' || CASE status WHEN 'PENDING' THEN 'PLACED' ELSE status END = type
FROM orders LEFT JOIN order_event ON order_id = orders.id AND seq = last_seq

-- 8. Told

--: check 8 the stock was told of each confirmed order, once
SELECT order_event.id, count(event_id) = 1
FROM order_event LEFT JOIN product_inbox ON event_id = order_event.id AND source = 'order'
WHERE type = 'ORDER_CONFIRMED'
GROUP BY order_event.id

--: check 8 the notifications were told of each event, once
SELECT events.id, count(event_id) = 1
FROM (SELECT id FROM order_event UNION ALL SELECT id FROM user_event UNION ALL SELECT id FROM product_event) AS events
    LEFT JOIN notification_inbox ON event_id = events.id
GROUP BY events.id

--: check 8 nobody was told of what did not happen
SELECT told.event_id, events.id IS NOT NULL
FROM (SELECT event_id FROM product_inbox UNION ALL SELECT event_id FROM notification_inbox) AS told
    LEFT JOIN (SELECT id FROM order_event UNION ALL SELECT id FROM user_event UNION ALL SELECT id FROM product_event)
        AS events ON events.id = told.event_id

--: check 8 a mail was written for each event that asks for one, once
SELECT events.id, count(event_id) = 1
FROM (SELECT id FROM order_event
        WHERE type IN ('ORDER_CONFIRMED', 'ORDER_REJECTED', 'ORDER_CANCELLED', 'ORDER_SHIPPED')
        UNION ALL SELECT id FROM user_event WHERE type = 'USER_REGISTERED') AS events
    LEFT JOIN notification ON event_id = events.id
GROUP BY events.id

--: check 8 no mail was written for anything else
SELECT notification.event_id, events.id IS NOT NULL
FROM notification LEFT JOIN (SELECT id FROM order_event UNION ALL SELECT id FROM user_event) AS events
    ON events.id = notification.event_id
