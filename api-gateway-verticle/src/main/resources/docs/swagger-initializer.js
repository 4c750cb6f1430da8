const page = SwaggerUIBundle({
  dom_id: '#swagger-ui',
  url: '/openapi.json',
  deepLinking: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
  validatorUrl: null, // the default would send the contract's address to a third party
  // Who logs in on this page is logged in on it: the token goes where the button "Authorize" would put it.
  responseInterceptor: (answer) => {
    if (answer.ok && answer.body?.accessToken) {
      page.preauthorizeApiKey('bearer', answer.body.accessToken);
    }
    return answer;
  },
});
