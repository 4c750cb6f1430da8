/** The notification service: mails to users, and webhooks, for what happened in the other services. */
package dev.souk.notification;
