// A page that waits for a document to be read looks again every two seconds.
"use strict";
if (document.getElementById("unread")) setTimeout(() => location.reload(), 2000);
