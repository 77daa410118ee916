// The secret of a one-time link goes from behind # into the form, and out of the address and its history.

const secret = decodeURIComponent(location.hash.slice(1));
if (secret) {
  document.getElementById("key").value = secret;
  history.replaceState(null, "", location.pathname);
  document.getElementById("password").focus();
}
