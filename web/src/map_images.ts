// The map's few marks, drawn on a canvas in the theme's colours.
import { themeColour } from "./pace";

const SCALE = 2;

export function peakImage(): ImageData {
  return drawn(14, 12, (pen) => {
    pen.fillStyle = themeColour("map-peak");
    pen.beginPath();
    pen.moveTo(1, 11); pen.lineTo(6, 2); pen.lineTo(8, 5.2); pen.lineTo(9.4, 3.8); pen.lineTo(13, 11);
    pen.closePath(); pen.fill();
  });
}

export function incidentImage(closed: boolean): ImageData {
  return drawn(26, 32, (pen) => {
    pen.fillStyle = themeColour(closed ? "map-incident-closed" : "map-incident");
    pen.strokeStyle = themeColour("map-casing");
    pen.lineWidth = 1.5;
    pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(13, 1.5); pen.lineTo(24.5, 13); pen.lineTo(13, 24.5); pen.lineTo(1.5, 13);
    pen.closePath(); pen.fill(); pen.stroke();
    pen.beginPath(); pen.moveTo(9.6, 23); pen.lineTo(13, 31); pen.lineTo(16.4, 23); pen.closePath(); pen.fill();
    pen.fillStyle = themeColour("map-incident-ink");
    pen.fillRect(11.8, 7, 2.4, 7.4);
    pen.fillRect(11.8, 16.4, 2.4, 2.5);
  });
}

export const imageScale = SCALE;

function drawn(width: number, height: number, draw: (pen: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("this browser draws no canvas");
  pen.scale(SCALE, SCALE);
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
