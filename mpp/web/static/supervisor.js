// The hall: it only listens. Many things happen in a second; the eye needs one picture.

document.querySelector("live-fragment").setAttribute("gather", "700")
