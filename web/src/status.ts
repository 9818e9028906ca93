console.log("status");
