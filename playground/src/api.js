// Sends one GraphQL request to the server that served this page, with a token if one is given.
export async function ask({ query, variables, operationName }, token) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables, operationName }),
  })
  return response.json()
}
